import { pageBySeqQuerySchema } from "@/lib/contracts/read";
import { apiRoute } from "@/lib/server/api-route";
import { readRows } from "@/lib/server/read/rows";
import { jobParams } from "@/lib/server/route-params";

/** A page of what the live stream would tell, for readers that poll. */
export const GET = apiRoute(
  { scope: "read", params: jobParams, query: pageBySeqQuerySchema },
  ({ principal, params, query }) => readRows(principal, params.id, query),
);
