import { sessionReplySchema } from "@signalbox/protocol/service/auth";
import { apiRoute } from "@/lib/server/api-route";
import { describeSession } from "@/lib/server/auth/describe-session";

export const GET = apiRoute(
  { scope: "public", summary: "Get the current session", reply: sessionReplySchema },
  ({ request }) => describeSession(request),
);
