import { ingestEventsBodySchema } from "@/lib/contracts/ingest";
import { apiRoute } from "@/lib/server/api-route";
import { ingestEvents } from "@/lib/server/ingest/ingest";
import { jobParams } from "@/lib/server/route-params";

export const POST = apiRoute(
  { scope: "ingest", params: jobParams, body: ingestEventsBodySchema },
  (input) => ingestEvents({ ...input, jobId: input.params.id }),
);
