import { credentialsSchema } from "@/lib/contracts/auth";
import { apiRoute } from "@/lib/server/api-route";
import { requireSameOrigin } from "@/lib/server/auth/same-origin";
import { signIn } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  { scope: "public", body: credentialsSchema },
  async ({ request, body }) => {
    requireSameOrigin(request);
    return signIn(request, body);
  },
);
