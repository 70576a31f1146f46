import { credentialsSchema, signedInReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { signIn } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  {
    scope: "public",
    body: credentialsSchema,
    summary: "Sign in with email and password",
    details: "Sets session cookies. Same-origin. Programs use an API key instead.",
    reply: signedInReplySchema,
    example: { email: "ada@example.com", password: "…" },
    errors: ["unauthorized", "forbidden", "rate_limited", "backend_unavailable"],
  },
  ({ request, body }) => signIn(request, body),
);
