import { facetsReplySchema } from "@signalbox/protocol/data/compare";
import { apiRoute } from "@/lib/server/api-route";
import { readRunFacets } from "@/lib/server/read/run-facets";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "List tags, config keys and series to sort and filter by",
    reply: facetsReplySchema,
  },
  ({ principal }) => readRunFacets(principal),
);
