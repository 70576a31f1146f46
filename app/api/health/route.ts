import { apiRoute } from "@/lib/server/api-route";
import { checkHealth } from "@/lib/server/health";

export const GET = apiRoute({ scope: "public" }, async () => {
  const health = await checkHealth();
  return Response.json(health, {
    status: health.status === "ok" ? 200 : 503,
    headers: { "Cache-Control": "no-store" },
  });
});
