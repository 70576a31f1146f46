import { apiKeySchema } from "@signalbox/protocol/data/read";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { revokeApiKey } from "@/lib/server/keys/api-keys";

export const DELETE = apiRoute(
  {
    scope: "admin",
    params: z.object({ id: z.string() }),
    summary: "Revoke an API key at once, also on open streams",
    reply: apiKeySchema,
    errors: ["not_found"],
  },
  ({ principal, params }) => revokeApiKey(principal, params.id),
);
