import { z } from "zod";
import {
  type ActivityName,
  eventPayloadSchema,
  logLineSchema,
  timelinePayloadSchema,
} from "../stream/stream-row.ts";
import { isoTimeSchema } from "../wire/primitives.ts";

export const logsQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(5000).default(500),
  offset: z.coerce.number().int().min(0).default(0),
  q: z.string().max(256).optional().describe("Only lines that contain this text."),
  tail: z.coerce
    .number()
    .int()
    .min(1)
    .max(5000)
    .optional()
    .describe("Only this many of the last lines."),
});

export const logsReplySchema = z.object({
  logs: z.array(logLineSchema),
  total_lines: z.number(),
  offset: z.number(),
  limit: z.number(),
});
export type LogsReply = z.infer<typeof logsReplySchema>;

/** The newest error event with its message, and how many have the same. */
const errorSchema = eventPayloadSchema.extend({
  count: z.number().describe("How many error events have this message."),
  traceback: z.string().nullable().describe("The event's own traceback, where it has one."),
});

export const errorsReplySchema = z.object({
  errors: z.array(errorSchema).describe("One for each distinct message, newest first."),
  count: z.number().describe("The number of all error events."),
  unique_error_count: z
    .number()
    .describe("The number of distinct messages; an event without one counts by its type."),
  total: z.number().describe("The same as unique_error_count."),
  /** Why the run failed, where it did. */
  reason: z.string().nullable(),
  traceback: z.string().optional(),
});

export const pageBySeqQuerySchema = z.object({
  since_seq: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** What `metadata.kind` of a timeline entry calls the rows of each stream. */
export const timelineKindOf = {
  status: "status",
  timeline: "phase",
  event: "event",
  command: "command",
} as const satisfies Record<ActivityName, string>;
export type TimelineKind = (typeof timelineKindOf)[ActivityName];

/** Rows of the timeline, ascending by `seq`. */
export const timelineReplySchema = z.object({
  job_id: z.string(),
  events: z.array(timelinePayloadSchema),
  next_seq: z.number().describe("The next page's since_seq."),
  total: z.number(),
});
export type TimelineReply = z.infer<typeof timelineReplySchema>;

export const eventsReplySchema = z.object({
  events: z.array(eventPayloadSchema),
  next_seq: z.number(),
  total: z.number(),
});

const timelineIncludes = ["events", "commands", "reports"] as const;
export type TimelineInclude = (typeof timelineIncludes)[number];

/** `GET /api/learning/jobs/{id}/timeline` */
export const timelineQuerySchema = pageBySeqQuerySchema.extend({
  since_seq: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("The rows after this seq, the oldest first; 0 begins at the start."),
  before_seq: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe("Pages backwards: returns the newest rows before this seq."),
  include: z
    .preprocess(
      (value) =>
        [value]
          .flat()
          .flatMap((text) => (typeof text === "string" ? text.split(",") : [text]))
          .filter((text) => text !== undefined && text !== ""),
      z.array(z.enum(timelineIncludes)).max(16),
    )
    .optional()
    .describe(
      "Adds events, commands, or reports: phases that a trainer reported together with a change to the state of the same name.",
    ),
});

export const successReplySchema = z.object({ success: z.literal(true) });

export const healthReplySchema = z.object({
  status: z.enum(["ok", "degraded"]),
  version: z.string(),
  database: z.string(),
  realtime: z.string(),
  backend: z.string(),
  disk: z
    .enum(["ok", "low", "full", "not watched"])
    .describe(
      "The disk of the embedded database. `full`: less than SIGNALBOX_MIN_FREE_MB is free, and metrics, logs, events, predictions and new runs are refused with 503 until there is room. `low`: less than five times that. `not watched`: the database is elsewhere.",
    ),
  disk_free_bytes: z.number().nullable(),
});

export const apiKeyScopes = ["read", "ingest", "control", "admin"] as const;
export const apiKeyScopeSchema = z.enum(apiKeyScopes);
export type ApiKeyScope = z.infer<typeof apiKeyScopeSchema>;

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The first characters of the key, enough to recognise it. */
  prefix: z.string(),
  scopes: z.array(apiKeyScopeSchema),
  created_at: isoTimeSchema,
  expires_at: isoTimeSchema.nullable(),
  last_used_at: isoTimeSchema.nullable(),
  revoked_at: isoTimeSchema.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const apiKeyListSchema = z.object({ keys: z.array(apiKeySchema), total: z.number() });

export const createApiKeyBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(64),
  scopes: z.array(apiKeyScopeSchema).min(1),
  expires_in_days: z
    .number()
    .int()
    .min(1)
    .max(3650)
    .nullish()
    .describe("Days from now; absent or null: never."),
});
export type CreateApiKeyBody = z.infer<typeof createApiKeyBodySchema>;

/** The key itself is in this reply and nowhere else, ever. */
export const createApiKeyReplySchema = z.object({ key: apiKeySchema, secret: z.string() });
