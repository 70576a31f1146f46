import { signedInReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { signOut } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  {
    scope: "public",
    summary: "Sign out",
    reply: signedInReplySchema,
    errors: ["forbidden"],
  },
  ({ request }) => signOut(request),
);
