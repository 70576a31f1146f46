import type * as ingest from "@signalbox/protocol/data/ingest";
import type * as metrics from "@signalbox/protocol/data/metrics";
import type * as prediction from "@signalbox/protocol/data/prediction";
import type { predictionFieldsSchema } from "@signalbox/protocol/data/prediction-input";
import type { predictionsQuerySchema } from "@signalbox/protocol/data/prediction-query";
import type * as read from "@signalbox/protocol/data/read";
import type * as command from "@signalbox/protocol/job/command";
import type * as job from "@signalbox/protocol/job/job";
import type { JobKind } from "@signalbox/protocol/job/job";
import type { JobStatus } from "@signalbox/protocol/job/job-status";
import type { eventPayloadSchema } from "@signalbox/protocol/stream/stream-row";
import type { nonFiniteWords } from "@signalbox/protocol/wire/wire-number";
import type { z } from "zod";

/* The dashboard's replies and requests, under this package's names. */

export type {
  ComparedPrediction,
  Prediction,
  PredictionsReply as PredictionPage,
  PredictionTrend,
  PredictionTrendsReply as PredictionTrends,
} from "@signalbox/protocol/data/prediction";
export type { LogsReply as LogPage } from "@signalbox/protocol/data/read";
export type { Command } from "@signalbox/protocol/job/command";
export type { CommandStatus, CommandType } from "@signalbox/protocol/job/command-status";
export type {
  Job,
  JobKind,
  JobList as JobPage,
  LiveParam,
  StartJobBody as StartJob,
  UpdateJobBody as UpdateJob,
} from "@signalbox/protocol/job/job";
export {
  isTerminal,
  type JobStatus,
  jobStatuses,
  type TerminalStatus,
} from "@signalbox/protocol/job/job-status";
export type { Capabilities, TrainerCapability } from "@signalbox/protocol/service/backend";
export type { LogLine } from "@signalbox/protocol/stream/stream-row";
export type { JsonObject } from "@signalbox/protocol/wire/json";

export type CommandPage = z.infer<typeof command.commandListSchema>;
export type JobEvent = z.infer<typeof eventPayloadSchema>;
export type ErrorReport = z.infer<typeof read.errorsReplySchema>;
export type Health = z.infer<typeof read.healthReplySchema>;
export type IngestReply = z.infer<typeof ingest.ingestReplySchema>;
export type AttachedJob = z.infer<typeof job.attachJobReplySchema>;
export type PredictionEpochs = z.infer<typeof prediction.predictionEpochsReplySchema>;
export type PredictionInput = z.input<typeof predictionFieldsSchema>;
export type PredictionQuery = Partial<z.output<typeof predictionsQuerySchema>>;

/** A run that a trainer of its own reports. */
export type AttachJob = Omit<z.input<typeof job.attachJobBodySchema>, "status"> & {
  status?: JobStatus | null | undefined;
};

type ListQuery = z.output<typeof job.listJobsQuerySchema>;

/** Filters of the list of runs; all must hold. */
export type JobFilter = Partial<
  Pick<ListQuery, "q" | "group" | "archived"> & {
    status: JobStatus | readonly JobStatus[];
    kind: JobKind | readonly JobKind[];
    tag: string | readonly string[];
    ids: readonly string[];
    /** A column, `config.<key>` or `latest.<series>`; prefix with `-` to sort descending. */
    sort: string;
    /** Conditions such as `config.batch_size:32` or `latest.train/loss<0.5`. */
    where: readonly string[];
    collapsed: readonly string[];
    /** With `group`: columns, `config.<key>` or `latest.<series>` to average for each group. */
    means: readonly string[];
  }
>;

export type JobListQuery = JobFilter & Partial<Pick<ListQuery, "limit" | "offset">>;

/** Numbers of a reply once they are read: NaN and the infinities as such. */
type Read<T> = Exclude<T, (typeof nonFiniteWords)[number]>;

type WideReply = z.infer<typeof metrics.wideMetricsReplySchema>;

/** One step's metrics. Values are numbers, NaN and infinities included. */
export type MetricRow = {
  step: number;
  epoch: number | null;
  timestamp: string;
} & { [series: string]: number | string | null };
export type MetricPage = Omit<WideReply, "metrics"> & { metrics: MetricRow[] };
export type MetricQuery = Partial<
  Pick<z.output<typeof metrics.metricsQuerySchema>, "from" | "to"> & { names: readonly string[] }
>;

/** Statistics of the raw points between two steps. */
export type SeriesBucket = {
  [Name in keyof metrics.SeriesBucket]: Read<metrics.SeriesBucket[Name]>;
};
export type SeriesReply = Omit<metrics.SeriesReply, "series"> & {
  series: (Omit<metrics.Series, "buckets"> & { buckets: SeriesBucket[] })[];
};

/** A point to store. Its value is any number, NaN and infinities included. */
export type MetricPoint = Omit<ingest.MetricPoint, "value"> & { value: number };
