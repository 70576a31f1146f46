import { apiRoute } from "@/lib/server/api-route";
import { describeSession } from "@/lib/server/auth/describe-session";

export const GET = apiRoute({ scope: "public" }, ({ request }) => describeSession(request));
