import { signedInReplySchema, useSignInLinkBodySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { useSignInLink } from "@/lib/server/auth/local/sign-in-link";

export const POST = apiRoute(
  {
    scope: "public",
    body: useSignInLinkBodySchema,
    summary: "Sign in with a one-time link",
    details: "Sets session cookies. Same-origin.",
    reply: signedInReplySchema,
    example: { token: "0".repeat(40) },
    errors: ["unauthorized", "forbidden", "rate_limited"],
  },
  ({ request, body }) => useSignInLink(request, body.token),
);
