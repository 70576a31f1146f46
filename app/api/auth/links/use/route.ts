import { signedInReplySchema, useSignInLinkBodySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { useSignInLink } from "@/lib/server/auth/local/sign-in-link";
import { requireSameOrigin } from "@/lib/server/auth/same-origin";

export const POST = apiRoute(
  {
    scope: "public",
    body: useSignInLinkBodySchema,
    summary: "Sign in with a one-time link",
    details: "Sets session cookies. Same-origin.",
    reply: signedInReplySchema,
    example: { token: "0".repeat(40) },
    errors: ["unauthorized", "forbidden"],
  },
  async ({ request, body }) => {
    requireSameOrigin(request);
    return useSignInLink(request, body.token);
  },
);
