import { z } from "zod";
import { jobIdSchema } from "../wire/primitives.ts";
import { columnSeriesSchema } from "./bucket-columns.ts";
import { seriesSchema } from "./metrics.ts";

/** Most runs in one request. */
export const maxRunsCompared = 100;

const list = <T extends z.ZodType>(item: T, max: number) =>
  z.preprocess(
    (value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value),
    z.array(item).min(1).max(max),
  );

const optionalStep = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

/** `GET /api/training/metrics`: series of several runs, each in about `buckets` buckets. */
export const runsMetricsQuerySchema = z.object({
  runs: list(jobIdSchema, maxRunsCompared),
  names: list(z.string().max(256), 200)
    .optional()
    .describe(
      "Series; all by default. In a run without a series of that name, `train.loss` means `train/loss`, and the other way round.",
    ),
  buckets: z.coerce.number().int().min(1).max(2000).default(200),
  from: optionalStep,
  to: optionalStep,
  /** Buckets as objects, or each figure of all buckets as a list (half as long). */
  format: z.enum(["buckets", "columns"]).default("buckets"),
  /** The axis whose values each bucket also carries. */
  x: z.enum(["step", "epoch", "time"]).default("step"),
});

const runSeriesSchema = z.object({
  job_id: z.string(),
  generation: z.string(),
  /** The job's seq up to which the buckets are complete. */
  last_seq: z.number(),
  series: z.array(seriesSchema),
});
const runColumnsSchema = runSeriesSchema.extend({ series: z.array(columnSeriesSchema) });

/** `missing` names runs that do not exist or belong to another user. */
export const runsMetricsReplySchema = z.object({
  runs: z.array(runSeriesSchema),
  missing: z.array(z.string()),
});
export const runsColumnsReplySchema = runsMetricsReplySchema.extend({
  runs: z.array(runColumnsSchema),
});

const facetSchema = z.object({ name: z.string(), count: z.number() });

/** `GET /api/training/jobs/facets`: what there is to show, sort and filter by. */
export const facetsReplySchema = z.object({
  tags: z.array(facetSchema),
  config: z.array(facetSchema),
  latest: z.array(facetSchema),
});
export type Facets = z.infer<typeof facetsReplySchema>;

const bulkActions = ["archive", "restore", "tag", "untag", "delete", "undelete"] as const;

/** `POST /api/training/jobs/bulk` */
export const bulkBodySchema = z
  .strictObject({
    ids: z.array(jobIdSchema).min(1).max(10_000),
    action: z.enum(bulkActions),
    tag: z.string().min(1).max(64).optional(),
  })
  .refine((body) => (body.tag !== undefined) === /tag$/.test(body.action), {
    path: ["tag"],
    message: "belongs to the actions tag and untag",
  })
  .describe("tag is required by the actions tag and untag, and refused with the others.");
export type BulkBody = z.infer<typeof bulkBodySchema>;

/** A deleted run is archived at once and removed this many seconds later: time to undo. */
export const undoSeconds = 20;

/** `done`: what changed (to undo, do the opposite to these); `failed`: what was refused. */
export const bulkReplySchema = z.object({
  done: z.array(z.string()),
  failed: z.array(z.object({ id: z.string(), code: z.string(), message: z.string() })),
});
export type BulkReply = z.infer<typeof bulkReplySchema>;

const viewPages = ["runs", "compare"] as const;

export const savedViewSchema = z.object({
  id: z.string(),
  page: z.enum(viewPages),
  name: z.string(),
  /** The page's URL query, without the `?`. */
  query: z.string(),
  created_at: z.string(),
});
export type SavedView = z.infer<typeof savedViewSchema>;

export const savedViewsSchema = z.object({ views: z.array(savedViewSchema), total: z.number() });

export const saveViewBodySchema = z.strictObject({
  page: z.enum(viewPages),
  name: z.string().trim().min(1).max(64),
  query: z.string().max(8192),
});
export type SaveViewBody = z.infer<typeof saveViewBodySchema>;
