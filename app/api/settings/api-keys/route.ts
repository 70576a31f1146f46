import { createApiKeyBodySchema } from "@/lib/contracts/read";
import { apiRoute } from "@/lib/server/api-route";
import { createApiKey, listApiKeys } from "@/lib/server/keys/api-keys";
import { pageQuery } from "@/lib/server/route-params";

export const GET = apiRoute({ scope: "admin", query: pageQuery }, ({ principal, query }) =>
  listApiKeys(principal, query),
);

export const POST = apiRoute(
  { scope: "admin", body: createApiKeyBodySchema },
  async ({ principal, body }) =>
    Response.json(await createApiKey(principal, body), { status: 201 }),
);
