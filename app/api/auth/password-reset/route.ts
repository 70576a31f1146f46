import { passwordResetBodySchema, signedInReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { requestPasswordReset } from "@/lib/server/auth/email-links";

export const POST = apiRoute(
  {
    scope: "public",
    body: passwordResetBodySchema,
    summary: "Ask for an e-mail to reset a password",
    details:
      "Same-origin. The reply is the same whether the address has an account or not. The link in the e-mail leads to /sign-in/new-password of SIGNALBOX_URL, and works in the browser that asked for it. With the embedded Supabase, which sends no e-mail, 403.",
    reply: signedInReplySchema,
    example: { email: "ada@example.com" },
    errors: ["forbidden", "rate_limited", "backend_unavailable"],
  },
  ({ request, body }) => requestPasswordReset(request, body.email),
);
