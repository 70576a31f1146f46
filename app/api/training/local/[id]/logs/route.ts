import { ingestLogsBodySchema, ingestReplySchema } from "@signalbox/protocol/data/ingest";
import { logsQuerySchema, logsReplySchema } from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { ingestLogs } from "@/lib/server/ingest/ingest";
import { readLogs } from "@/lib/server/read/logs";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: logsQuerySchema,
    summary: "Get log lines: a page, the last lines, or the lines that match a text",
    reply: logsReplySchema,
  },
  ({ principal, params, query }) => readLogs(principal, params.id, query),
);

export const POST = apiRoute(
  {
    scope: "ingest",
    params: jobParams,
    body: ingestLogsBodySchema,
    summary: "Append log lines",
    reply: ingestReplySchema,
    example: { lines: [{ stream: "stdout", text: "epoch 1 done" }] },
    idempotent: true,
    needsDiskSpace: true,
    errors: ["conflict"],
  },
  (input) => ingestLogs({ ...input, jobId: input.params.id }),
);
