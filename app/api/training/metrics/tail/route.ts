import { runsTailQuerySchema, runsTailReplySchema } from "@signalbox/protocol/compare";
import { apiRoute } from "@/lib/server/api-route";
import { readRunsTails } from "@/lib/server/read/runs-metrics";

export const GET = apiRoute(
  {
    scope: "read",
    query: runsTailQuerySchema,
    summary: "What several runs gained after a seq each",
    reply: runsTailReplySchema,
  },
  ({ principal, query }) => readRunsTails(principal, query),
);
