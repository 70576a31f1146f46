import { newCredentialsSchema } from "@/lib/contracts/auth";
import { apiRoute } from "@/lib/server/api-route";
import { requireSameOrigin } from "@/lib/server/auth/same-origin";
import { signUp } from "@/lib/server/auth/sign-in";

export const POST = apiRoute(
  { scope: "public", body: newCredentialsSchema },
  async ({ request, body }) => {
    requireSameOrigin(request);
    return signUp(request, body);
  },
);
