import { retentionBodySchema, retentionSchema } from "@signalbox/protocol/service/retention";
import { apiRoute } from "@/lib/server/api-route";
import { readRetention, saveRetention } from "@/lib/server/retention/retention";

export const GET = apiRoute(
  {
    scope: "read",
    summary: "Get retention settings and storage usage",
    reply: retentionSchema,
  },
  ({ principal }) => readRetention(principal),
);

export const PUT = apiRoute(
  {
    scope: "admin",
    body: retentionBodySchema,
    summary: "Set how long archived runs and raw points are kept",
    details:
      "In days; null keeps them forever. Takes effect within a minute, for runs of any age: archived runs are deleted, and finished runs are downsampled to the first, last, lowest and highest point and one NaN of every 16 steps.",
    reply: retentionSchema,
    example: { archived_days: 90, points_days: null },
  },
  ({ principal, body }) => saveRetention(principal, body),
);
