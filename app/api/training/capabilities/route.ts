import { capabilitiesSchema } from "@signalbox/protocol/backend";
import { apiRoute } from "@/lib/server/api-route";
import { backendCapabilities } from "@/lib/server/backend/capabilities";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "What the training backend can train",
    reply: capabilitiesSchema,
    errors: ["backend_unavailable"],
  },
  () => backendCapabilities(),
);
