import { capabilitiesSchema } from "@/lib/contracts/backend";
import { apiRoute } from "@/lib/server/api-route";
import { callBackend } from "@/lib/server/backend/backend-client";

export const GET = apiRoute({ scope: "read" }, async () =>
  capabilitiesSchema.parse(await callBackend("/v1/capabilities")),
);
