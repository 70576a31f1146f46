import {
  apiKeyListSchema,
  createApiKeyBodySchema,
  createApiKeyReplySchema,
} from "@signalbox/protocol/data/read";
import { apiRoute } from "@/lib/server/api-route";
import { createApiKey, listApiKeys } from "@/lib/server/keys/api-keys";
import { pageQuery } from "@/lib/server/route-params";

export const GET = apiRoute(
  { scope: "admin", query: pageQuery, summary: "List API keys", reply: apiKeyListSchema },
  ({ principal, query }) => listApiKeys(principal, query),
);

export const POST = apiRoute(
  {
    scope: "admin",
    body: createApiKeyBodySchema,
    summary: "Create an API key; only this reply contains the secret",
    reply: { 201: createApiKeyReplySchema },
    example: { name: "laptop", scopes: ["read", "control"] },
    errors: ["conflict"],
  },
  async ({ principal, body }) =>
    Response.json(await createApiKey(principal, body), { status: 201 }),
);
