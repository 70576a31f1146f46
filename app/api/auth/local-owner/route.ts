import { apiRoute } from "@/lib/server/api-route";
import { requireSameOrigin } from "@/lib/server/auth/same-origin";
import { signInAsLocalOwner } from "@/lib/server/auth/sign-in";

export const POST = apiRoute({ scope: "public" }, async ({ request }) => {
  requireSameOrigin(request);
  return signInAsLocalOwner(request);
});
