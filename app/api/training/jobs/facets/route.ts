import { facetsReplySchema } from "@signalbox/protocol/compare";
import { apiRoute } from "@/lib/server/api-route";
import { readRunFacets } from "@/lib/server/read/run-facets";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "Tags, config keys and series there are, to sort and filter by",
    reply: facetsReplySchema,
  },
  ({ principal }) => readRunFacets(principal),
);
