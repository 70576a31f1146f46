import { healthReplySchema } from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { checkHealth } from "@/lib/server/health";

export const GET = apiRoute(
  {
    scope: "public",
    summary: "Check the database, Realtime and the training backend",
    reply: { 200: healthReplySchema, 503: healthReplySchema },
  },
  async () => {
    const health = await checkHealth();
    return Response.json(health, {
      status: health.status === "ok" ? 200 : 503,
      headers: { "Cache-Control": "no-store" },
    });
  },
);
