import { ingestLogsBodySchema } from "@/lib/contracts/ingest";
import { logsQuerySchema } from "@/lib/contracts/read";
import { apiRoute } from "@/lib/server/api-route";
import { ingestLogs } from "@/lib/server/ingest/ingest";
import { readLogs } from "@/lib/server/read/logs";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  { scope: "read", params: jobParams, query: logsQuerySchema },
  ({ principal, params, query }) => readLogs(principal, params.id, query),
);

export const POST = apiRoute(
  { scope: "ingest", params: jobParams, body: ingestLogsBodySchema },
  (input) => ingestLogs({ ...input, jobId: input.params.id }),
);
