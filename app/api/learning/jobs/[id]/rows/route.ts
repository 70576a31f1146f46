import { pageBySeqQuerySchema } from "@signalbox/protocol/read";
import { rowsReplySchema } from "@signalbox/protocol/stream";
import { apiRoute } from "@/lib/server/api-route";
import { readRows } from "@/lib/server/read/rows";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pageBySeqQuerySchema,
    summary: "A page of what the live stream tells, for readers that poll",
    details:
      "Each row is one seq with the event and data of its frame with full=1. At last_seq there is no more for now; another generation means that the job began anew.",
    reply: rowsReplySchema,
  },
  ({ principal, params, query }) => readRows(principal, params.id, query),
);
