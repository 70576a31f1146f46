import { newPasswordBodySchema, signedInReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { setNewPassword } from "@/lib/server/auth/email-links";

export const POST = apiRoute(
  {
    scope: "public",
    body: newPasswordBodySchema,
    summary: "Set a new password by the link of an e-mail",
    details:
      "Sets session cookies. Same-origin. The link works once: where the password is refused, ask for another.",
    reply: signedInReplySchema,
    example: { code: "…", password: "at least 8 characters" },
    errors: ["unauthorized", "forbidden", "rate_limited", "backend_unavailable"],
  },
  ({ request, body }) => setNewPassword(request, body),
);
