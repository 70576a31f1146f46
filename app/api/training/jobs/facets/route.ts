import { apiRoute } from "@/lib/server/api-route";
import { readRunFacets } from "@/lib/server/read/run-facets";

export const GET = apiRoute({ scope: "read" }, ({ principal }) => readRunFacets(principal));
