import { z } from "zod";

/** What one user may cost. A limit's setting is `SIGNALBOX_LIMIT_` and its name in capitals. */
export const limitNames = [
  "requests",
  "streams",
  "polls",
  "trainers",
  "queued_trainers",
  "runs",
  "samples",
  "api_keys",
  "points",
  "point_bytes",
  "log_lines",
  "log_bytes",
  "predictions",
  "prediction_bytes",
  "events",
  "event_bytes",
] as const;
export type LimitName = (typeof limitNames)[number];

const units = ["count", "bytes", "per_minute"] as const;

const limitUsageSchema = z.object({
  limit: z.enum(limitNames),
  used: z
    .number()
    .int()
    .min(0)
    .describe(
      "What counts now. Requests, streams and polls are counted by each web server, and this is the count of the one that answered; samples are those of the largest run; bytes are those of the data as it was received.",
    ),
  maximum: z.number().int().min(0),
  unit: z.enum(units),
  setting: z.string().describe("The setting by which whoever runs the dashboard changes it."),
});
export type LimitUsage = z.infer<typeof limitUsageSchema>;

export const usageSchema = z.object({
  limits: z
    .array(limitUsageSchema)
    .describe("Without trainers while the training backend does not answer."),
});
export type Usage = z.infer<typeof usageSchema>;

/** The `details` of a refusal at a limit. */
export const limitDetailsSchema = z.object({
  limit: z.enum(limitNames),
  maximum: z.number(),
  used: z.number(),
  setting: z.string(),
  what_to_do: z.string(),
});
