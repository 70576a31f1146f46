import { credentialsSchema, signedInReplySchema } from "@signalbox/protocol/auth";
import { apiRoute } from "@/lib/server/api-route";
import { requireSameOrigin } from "@/lib/server/auth/same-origin";
import { signIn } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  {
    scope: "public",
    body: credentialsSchema,
    summary: "Signs in by e-mail and password",
    details: "The session goes into cookies. Same-origin. Programs send an API key instead.",
    reply: signedInReplySchema,
    example: { email: "ada@example.com", password: "…" },
    errors: ["unauthorized", "forbidden", "rate_limited", "backend_unavailable"],
  },
  async ({ request, body }) => {
    requireSameOrigin(request);
    return signIn(request, body);
  },
);
