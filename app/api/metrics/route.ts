import { apiRoute } from "@/lib/server/api-route";
import { readServiceMetrics } from "@/lib/server/service-metrics/service-metrics";

const text = "text/plain; version=0.0.4; charset=utf-8";

export const GET = apiRoute(
  {
    scope: "read",
    summary:
      "Get metrics of the user's runs and, for administrators, of the service, for Prometheus",
    details:
      "Scrape it with an API key with the scope read as the bearer token. Administrators (the local owner, and the users whose e-mail addresses SIGNALBOX_ADMINISTRATORS lists) also get streams, requests, ingest, database, refusals and the process, of this web process and all its users. See docs/operations/monitoring.md.",
    text,
  },
  async ({ principal }) =>
    new Response(await readServiceMetrics(principal), { headers: { "Content-Type": text } }),
);
