import { apiRoute } from "@/lib/server/api-route";
import { backendCapabilities } from "@/lib/server/backend/capabilities";

export const GET = apiRoute({ scope: "read" }, () => backendCapabilities());
