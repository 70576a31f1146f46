import { apiRoute } from "@/lib/server/api-route";
import { readErrors } from "@/lib/server/read/errors";
import { jobParams, pageQuery } from "@/lib/server/route-params";

export const GET = apiRoute(
  { scope: "read", params: jobParams, query: pageQuery },
  ({ principal, params, query }) => readErrors(principal, params.id, query),
);
