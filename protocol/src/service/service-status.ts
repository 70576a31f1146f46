import { z } from "zod";
import { isoTimeSchema } from "../wire/primitives.ts";

/** What one moment of a web process was like; rates are those of the interval before it. */
const serviceSampleSchema = z.object({
  at: isoTimeSchema,
  streams: z.number().describe("Open live streams."),
  frames_per_s: z.number(),
  sent_bytes_per_s: z.number().describe("Bytes of frames sent to viewers, after compression."),
  notify_p95_s: z
    .number()
    .nullable()
    .describe("From the notification of a change to its frame; null without one."),
  requests_per_s: z.number(),
  failures_per_s: z.number().describe("Requests answered with 5xx."),
  ingests_per_s: z.number(),
  ingest_p95_s: z.number().nullable(),
  database_p95_s: z.number().nullable().describe("Calls of the database, waiting included."),
  memory_bytes: z.number().describe("Resident memory of the web process."),
  loop_delay_s: z.number().describe("Longest delay of the web process's event loop."),
});
export type ServiceSample = z.infer<typeof serviceSampleSchema>;

const countsSchema = z.array(z.object({ name: z.string(), count: z.number() }));

export const serviceReplySchema = z.object({
  version: z.string(),
  started_at: isoTimeSchema.describe("When this web process began."),
  states: z.object({ database: z.string(), realtime: z.string(), backend: z.string() }),
  sample_every_s: z.number(),
  samples: z.array(serviceSampleSchema).describe("The last quarter of an hour, oldest first."),
  totals: z
    .object({
      streams_opened: countsSchema,
      streams_closed: countsSchema,
      stream_resets: countsSchema,
      refusals: countsSchema,
      realtime_reconnects: countsSchema,
      client_errors: countsSchema,
    })
    .describe("Since this web process began."),
});
export type ServiceReply = z.infer<typeof serviceReplySchema>;
