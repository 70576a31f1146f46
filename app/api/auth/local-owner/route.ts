import { signedInReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { signInAsLocalOwner } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  {
    scope: "public",
    summary: "Sign in as the owner of this machine",
    details: "Only for a browser on the dashboard's own machine. Same-origin.",
    errors: ["forbidden"],
    reply: signedInReplySchema,
  },
  ({ request }) => signInAsLocalOwner(request),
);
