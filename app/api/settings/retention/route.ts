import { retentionBodySchema, retentionSchema } from "@signalbox/protocol/retention";
import { apiRoute } from "@/lib/server/api-route";
import { readRetention, saveRetention } from "@/lib/server/retention/retention";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "How long the user's data is kept, and how much there is",
    reply: retentionSchema,
  },
  ({ principal }) => readRetention(principal),
);

export const PUT = apiRoute(
  {
    scope: "admin",
    body: retentionBodySchema,
    summary: "Sets how long archived runs and single points are kept",
    details:
      "In days; null keeps for ever. Takes effect within a minute, for runs of any age: archived runs are deleted, finished runs keep of each 16 steps the first, last, lowest and highest point and one NaN.",
    reply: retentionSchema,
    example: { archived_days: 90, points_days: null },
  },
  ({ principal, body }) => saveRetention(principal, body),
);
