import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { revokeApiKey } from "@/lib/server/keys/api-keys";

export const DELETE = apiRoute(
  { scope: "admin", params: z.object({ id: z.string() }) },
  ({ principal, params }) => revokeApiKey(principal, params.id),
);
