import type { WireNumber } from "../wire.ts";

/** Any JSON object. */
export type JsonObject = Record<string, unknown>;

export const jobStatuses = [
  "queued",
  "starting",
  "running",
  "pausing",
  "paused",
  "stopping",
  "lost",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export type JobStatus = (typeof jobStatuses)[number];
export type TerminalStatus = "succeeded" | "failed" | "cancelled";

/** Whether a run with this status has ended. */
export function isTerminal(status: string | null | undefined): status is TerminalStatus {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

export type JobKind = "sft" | "rl" | "other";

/** A parameter that the trainer takes while it runs. */
export interface LiveParam {
  min?: number | undefined;
  max?: number | undefined;
}

export interface Job {
  id: string;
  job_id: string;
  name: string;
  kind: JobKind;
  status: JobStatus;
  /** A training backend runs it; false: a trainer of its own reports it. */
  managed: boolean;
  model_name: string | null;
  dataset_path: string | null;
  dataset_id: string | null;
  config: JsonObject;
  params: JsonObject;
  live_params: Record<string, LiveParam>;
  tags: string[];
  notes: string;
  archived: boolean;
  /** 0 to 1. */
  progress: number | null;
  phase: string | null;
  current_step: number | null;
  total_steps: number | null;
  current_epoch: number | null;
  total_epochs: number | null;
  /** The newest value of each series. */
  latest: Record<string, WireNumber>;
  spark?: { name: string; points: [number, WireNumber][] } | null | undefined;
  epochs?:
    | {
        count: number;
        best_epoch: number | null;
        best_exact_match: number | null;
        best_char_error_rate: number | null;
      }
    | null
    | undefined;
  error: string | null;
  attempt: number;
  attempt_active: boolean;
  parent_job_id: string | null;
  /** Another one when the job was created anew under the same id. */
  generation: string;
  last_seq: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  updated_at: string;
  heartbeat_at: string | null;
  active_seconds: number;
}

export interface JobPage {
  count: number;
  total: number;
  jobs: Job[];
  /** With `group` only. */
  groups?:
    | {
        key: string;
        value: unknown;
        count: number;
        means?: Record<string, number | null> | null | undefined;
      }[]
    | null
    | undefined;
}

/** Filters of the list of runs; all must hold. */
export interface JobFilter {
  status?: JobStatus | readonly JobStatus[] | undefined;
  kind?: JobKind | readonly JobKind[] | undefined;
  tag?: string | readonly string[] | undefined;
  /** Text in the name, id, tags or notes. */
  q?: string | undefined;
  ids?: readonly string[] | undefined;
  /** A column, `config.<key>` or `latest.<series>`; a leading `-` turns it round. */
  sort?: string | undefined;
  /** Conditions such as `config.batch_size:32` or `latest.train/loss<0.5`. */
  where?: readonly string[] | undefined;
  group?: string | undefined;
  collapsed?: readonly string[] | undefined;
  /** With `group`: columns, `config.<key>` or `latest.<series>` whose mean each group tells. */
  means?: readonly string[] | undefined;
  archived?: "true" | "false" | "all" | undefined;
}

export interface JobListQuery extends JobFilter {
  /** 1 to 500; 50 where absent. */
  limit?: number | undefined;
  offset?: number | undefined;
}

/** A run for the training backend. */
export interface StartJob {
  name?: string | undefined;
  kind: JobKind;
  config?: JsonObject | undefined;
  dataset_id?: string | undefined;
  tags?: string[] | undefined;
}

/** A run that a trainer of its own reports. */
export interface AttachJob {
  job_id?: string | undefined;
  name?: string | null | undefined;
  kind?: JobKind | null | undefined;
  model_name?: string | null | undefined;
  dataset_path?: string | null | undefined;
  status?: JobStatus | null | undefined;
  config?: JsonObject | null | undefined;
  params?: JsonObject | null | undefined;
  live_params?: Record<string, LiveParam> | null | undefined;
  tags?: string[] | null | undefined;
  total_steps?: number | null | undefined;
  total_epochs?: number | null | undefined;
  parent_job_id?: string | null | undefined;
}

export interface AttachedJob {
  job_id: string;
  /** Good for this job's ingest and commands; an earlier token stops working. */
  job_token: string;
}

export interface UpdateJob {
  name?: string | undefined;
  tags?: string[] | undefined;
  notes?: string | undefined;
  archived?: boolean | undefined;
}
