import { pageBySeqQuerySchema } from "@signalbox/protocol/data/read";
import { rowsReplySchema } from "@signalbox/protocol/stream/stream";
import { apiRoute } from "@/lib/server/api-route";
import { readRows } from "@/lib/server/read/rows";
import { jobParams } from "@/lib/server/route-params";

export const GET = apiRoute(
  {
    scope: "read",
    params: jobParams,
    query: pageBySeqQuerySchema,
    summary: "Poll the rows of the live stream",
    details:
      "Each row has the event and data of its frame with full=1. At last_seq there is nothing more for now; a different generation means that the job was recreated.",
    reply: rowsReplySchema,
  },
  ({ principal, params, query }) => readRows(principal, params.id, query),
);
