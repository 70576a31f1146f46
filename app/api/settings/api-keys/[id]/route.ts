import { apiKeySchema } from "@signalbox/protocol/read";
import { z } from "zod";
import { apiRoute } from "@/lib/server/api-route";
import { revokeApiKey } from "@/lib/server/keys/api-keys";

export const DELETE = apiRoute(
  {
    scope: "admin",
    params: z.object({ id: z.string() }),
    summary: "Revokes an API key at once, on open streams too",
    reply: apiKeySchema,
    errors: ["not_found"],
  },
  ({ principal, params }) => revokeApiKey(principal, params.id),
);
