import { usageSchema } from "@signalbox/protocol/service/usage";
import { apiRoute } from "@/lib/server/api-route";
import { readUsage } from "@/lib/server/limits/read-usage";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "Get your limits, and how much of each you use",
    details:
      "Over a limit of requests, streams or polls: 429 with Retry-After. Over any other: 409, until there is room again. The details of both name the limit, its maximum, what is used and what to do. A batch that is sent again is answered at a limit, too. Running trainers are never refused: more of them wait in the queue.",
    reply: usageSchema,
  },
  ({ principal }) => readUsage(principal),
);
