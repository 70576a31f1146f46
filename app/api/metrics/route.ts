import { apiRoute } from "@/lib/server/api-route";
import { readServiceMetrics } from "@/lib/server/service-metrics/service-metrics";

const text = "text/plain; version=0.0.4; charset=utf-8";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "Get metrics of the user's runs and of this web process, for Prometheus",
    details: "Scrape it with an API key with the scope read as the bearer token.",
    text,
  },
  async ({ principal }) =>
    new Response(await readServiceMetrics(principal), { headers: { "Content-Type": text } }),
);
