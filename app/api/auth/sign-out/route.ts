import { signedInReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { requireSameOrigin } from "@/lib/server/auth/same-origin";
import { signOut } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  {
    scope: "public",
    summary: "Sign out",
    reply: signedInReplySchema,
    errors: ["forbidden"],
  },
  async ({ request }) => {
    requireSameOrigin(request);
    return signOut(request);
  },
);
