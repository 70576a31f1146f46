import { signedInReplySchema } from "@signalbox/protocol/auth";
import { apiRoute } from "@/lib/server/api-route";
import { requireSameOrigin } from "@/lib/server/auth/same-origin";
import { signInAsLocalOwner } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  {
    scope: "public",
    summary: "Signs the browser in as this machine's owner",
    details: "For a browser on the dashboard's own machine only. Same-origin.",
    errors: ["forbidden"],
    reply: signedInReplySchema,
  },
  async ({ request }) => {
    requireSameOrigin(request);
    return signInAsLocalOwner(request);
  },
);
