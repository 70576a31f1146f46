import { newCredentialsSchema, signedUpReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { signUp } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  {
    scope: "public",
    body: newCredentialsSchema,
    summary: "Sign up",
    reply: signedUpReplySchema,
    example: { email: "ada@example.com", password: "at least 8 characters" },
    errors: ["forbidden", "conflict", "rate_limited", "backend_unavailable"],
  },
  ({ request, body }) => signUp(request, body),
);
