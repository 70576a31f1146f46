import { runsTailQuerySchema } from "@/lib/contracts/compare";
import { apiRoute } from "@/lib/server/api-route";
import { readRunsTails } from "@/lib/server/read/runs-metrics";

export const GET = apiRoute({ scope: "read", query: runsTailQuerySchema }, ({ principal, query }) =>
  readRunsTails(principal, query),
);
