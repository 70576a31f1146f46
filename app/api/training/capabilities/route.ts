import { capabilitiesSchema } from "@signalbox/protocol/service/backend";
import { apiRoute } from "@/lib/server/api-route";
import { backendCapabilities } from "@/lib/server/backend/capabilities";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "List the training backend's trainers",
    reply: capabilitiesSchema,
    errors: ["backend_unavailable"],
  },
  () => backendCapabilities(),
);
