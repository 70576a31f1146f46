import { confirmationBodySchema, signedInReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { confirmEmail } from "@/lib/server/auth/email-links";

export const POST = apiRoute(
  {
    scope: "public",
    body: confirmationBodySchema,
    summary: "Sign in by the link of a confirmation e-mail",
    details:
      "Sets session cookies. Same-origin. Works once, in the browser that signed up; in another one the address is confirmed, too, and people sign in with their password.",
    reply: signedInReplySchema,
    example: { code: "…" },
    errors: ["unauthorized", "forbidden", "rate_limited", "backend_unavailable"],
  },
  ({ request, body }) => confirmEmail(request, body.code),
);
