import { columnSeriesSchema } from "@signalbox/protocol/data/bucket-columns";
import {
  bulkReplySchema,
  facetsReplySchema,
  savedViewSchema,
  savedViewsSchema,
} from "@signalbox/protocol/data/compare";
import { ingestReplySchema, signOfLifeReplySchema } from "@signalbox/protocol/data/ingest";
import { pointsReplySchema } from "@signalbox/protocol/data/metrics";
import {
  predictionMapReplySchema,
  predictionsReplySchema,
  predictionTrendSchema,
  sampleHistoryReplySchema,
  samplesReplySchema,
  scoreMapReplySchema,
} from "@signalbox/protocol/data/prediction";
import { ingestPredictionsReplySchema } from "@signalbox/protocol/data/prediction-input";
import {
  apiKeyListSchema,
  apiKeySchema,
  apiKeyScopeSchema,
  logsReplySchema,
  successReplySchema,
} from "@signalbox/protocol/data/read";
import { scoreInfoSchema } from "@signalbox/protocol/data/score";
import { ackReplySchema, commandListSchema, commandSchema } from "@signalbox/protocol/job/command";
import { jobSchema, jobStatusSchema, runGroupSchema } from "@signalbox/protocol/job/job";
import { retentionSchema } from "@signalbox/protocol/service/retention";
import {
  activityNames,
  eventPayloadSchema,
  storedTupleSchema,
  streamRowSchema,
} from "@signalbox/protocol/stream/stream-row";
import { jsonObjectSchema } from "@signalbox/protocol/wire/primitives";
import { z } from "zod";
import type { Database } from "../database.types";

export type FunctionName = keyof Database["public"]["Functions"] & string;

const keyedJobSchema = z.object({ key: z.number(), job: jobSchema });
/** Whose job the rows were stored for. Absent where the batch was stored before. */
const storedForShape = { key: z.number().optional(), user_id: z.string().optional() };
const batchReplySchema = z.object({ more: z.boolean() });
const columnsSchema = z.object({ last_seq: z.number(), series: z.array(columnSeriesSchema) });
const storedSeriesSchema = z.record(z.string(), z.array(storedTupleSchema));

/** The reply of every SQL function, errors aside. A function without one does not compile. */
export const rpcReplies = {
  ack_command: ackReplySchema,
  apply_retention: batchReplySchema.extend({
    removed: z.number(),
    downsampled: z.string().nullable(),
  }),
  attach_job: z.object({
    created: z.boolean(),
    key: z.number(),
    job_id: z.string(),
    status: jobStatusSchema,
    token_salt: z.string(),
  }),
  authenticate_api_key: z
    .object({
      id: z.string(),
      user_id: z.string(),
      name: z.string(),
      scopes: z.array(apiKeyScopeSchema),
    })
    .nullable(),
  batch_stored: z.boolean(),
  bulk_jobs: bulkReplySchema,
  check_ingest: successReplySchema,
  changed_jobs: z.object({
    now: z.string(),
    total: z.number(),
    jobs: z.array(z.object({ key: z.number(), id: z.string(), last_seq: z.number() })),
  }),
  create_api_key: apiKeySchema,
  create_sign_in_link: z.object({ expires_at: z.string() }),
  delete_job: successReplySchema.extend({ managed: z.boolean() }),
  delete_view: successReplySchema,
  drop_points: batchReplySchema,
  due_removals: z.array(z.object({ user_id: z.string(), id: z.string() })),
  fail_start: successReplySchema,
  get_command: commandSchema.nullable(),
  get_job: keyedJobSchema.nullable(),
  heartbeat: signOfLifeReplySchema,
  ingest_events: ingestReplySchema.extend(storedForShape),
  ingest_logs: ingestReplySchema.extend(storedForShape),
  ingest_metrics: ingestReplySchema.extend(storedForShape),
  ingest_predictions: ingestPredictionsReplySchema.extend(storedForShape),
  job_backend: z.object({ backend: z.string().nullable() }),
  job_token_owner: z.string().nullable(),
  job_transitions: z.array(
    z.object({ from_status: z.string(), to_status: z.string(), actor: z.string() }),
  ),
  jobs_by_key: z.array(keyedJobSchema),
  list_api_keys: apiKeyListSchema,
  list_commands: commandListSchema,
  list_jobs: z.object({
    total: z.number(),
    jobs: z.array(keyedJobSchema),
    groups: z.array(runGroupSchema).nullable(),
  }),
  list_views: savedViewsSchema,
  next_command: z.object({
    key: z.number(),
    user_id: z.string(),
    command: commandSchema.nullable(),
  }),
  read_activity: z.object({
    total: z.number(),
    rows: z.array(
      z.object({
        seq: z.number(),
        stream: z.enum(activityNames),
        payload: jsonObjectSchema,
        created_at: z.string(),
      }),
    ),
  }),
  read_errors: z.object({
    count: z.number(),
    unique_error_count: z.number(),
    reason: z.string().nullable(),
    errors: z.array(eventPayloadSchema.extend({ count: z.number() })),
    stderr: z.string().nullable(),
  }),
  read_latest_points: pointsReplySchema.omit({ job_id: true }).required(),
  read_logs: logsReplySchema,
  read_metric_batches: z.object({
    total: z.number(),
    batches: z.array(
      z.object({ seq: z.number(), series: storedSeriesSchema, created_at: z.string() }),
    ),
  }),
  read_points_after_step: pointsReplySchema.pick({ total: true, points: true }),
  read_prediction_epochs: z.object({
    epochs: z.array(
      predictionTrendSchema.extend({ prediction_count: z.number(), latest_step: z.number() }),
    ),
    next_epoch: z.number().nullable(),
    rates: z.tuple([z.number().nullable(), z.number().nullable(), z.number()]),
  }),
  read_prediction_map: predictionMapReplySchema.omit({ job_id: true }).nullable(),
  read_prediction_scores: z.array(scoreInfoSchema),
  read_predictions: predictionsReplySchema.omit({ job_id: true }),
  read_retention: retentionSchema,
  read_sample_history: sampleHistoryReplySchema.pick({ predictions: true, next_epoch: true }),
  read_score_map: scoreMapReplySchema.omit({ job_id: true }).nullable(),
  read_samples: samplesReplySchema.shape.samples,
  read_series: columnsSchema,
  read_series_of_runs: z.array(
    z.object({ job_id: z.string(), generation: z.string(), read: columnsSchema }),
  ),
  read_stream: z
    .object({ generation: z.string(), last_seq: z.number(), rows: z.array(streamRowSchema) })
    .nullable(),
  read_totals: z.object({
    runs: z.record(z.string(), z.number()),
    points: z.number(),
    predictions: z.number(),
    log_lines: z.number(),
    active: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        step: z.number().nullable(),
        progress: z.number().nullable(),
        silent_seconds: z.number().nullable(),
      }),
    ),
  }),
  read_usage: z.object({
    points: z.number(),
    point_bytes: z.number(),
    log_lines: z.number(),
    log_bytes: z.number(),
    predictions: z.number(),
    prediction_bytes: z.number(),
    events: z.number(),
    event_bytes: z.number(),
    runs: z.number(),
    samples: z.number(),
    trainers: z.number(),
    queued_trainers: z.number(),
    api_keys: z.number(),
    more: z.boolean(),
  }),
  reap_jobs: z.object({ changed: z.number(), now: z.string() }),
  remove_rows: z.object({ more: z.boolean() }),
  report_status: signOfLifeReplySchema,
  request_command: z.object({
    created: z.boolean(),
    command: commandSchema,
    job: jobSchema,
    new_attempt: z.boolean(),
  }),
  revoke_api_key: apiKeySchema,
  run_facets: facetsReplySchema,
  save_retention: retentionSchema,
  save_view: savedViewSchema,
  start_job: z.object({ created: z.boolean(), key: z.number(), job: jobSchema }),
  start_stored: z.boolean(),
  unclaimed_jobs: z.array(
    z.object({
      user_id: z.string(),
      key: z.number(),
      job: jobSchema,
      resume: commandSchema.nullable(),
    }),
  ),
  update_job: keyedJobSchema,
  user_email: z.string().nullable(),
  use_sign_in_link: z.object({ user_id: z.string() }).nullable(),
} satisfies Record<FunctionName, z.ZodType>;

export type RpcReply<Name extends FunctionName> = z.output<(typeof rpcReplies)[Name]>;

/** Replies too frequent or too large to be parsed each time; rpc-replies.test.ts parses them. */
export const trustedReplies: ReadonlySet<FunctionName> = new Set([
  "changed_jobs",
  "jobs_by_key",
  "read_latest_points",
  "read_points_after_step",
  "read_stream",
]);
