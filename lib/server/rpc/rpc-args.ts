import type { Database, Json } from "../database.types";
import type { FunctionName } from "./rpc-replies";

/** Arguments that a function accepts as null, which the generated types do not show. */
interface NullableArgs {
  bulk_jobs: "p_tag";
  create_api_key: "p_expires_at";
  ingest_events: "p_batch_id";
  ingest_logs: "p_batch_id";
  ingest_metrics: "p_batch_id" | "p_max_epoch" | "p_max_step";
  ingest_predictions: "p_batch_id";
  job_backend: "p_backend";
  read_activity: "p_after" | "p_before";
  read_latest_points: "p_names";
  read_logs: "p_query";
  read_metric_batches: "p_names";
  read_points_after_step: "p_names";
  read_prediction_epochs: "p_after_epoch";
  read_prediction_map: "p_after_epoch";
  read_sample_history: "p_after_epoch";
  read_score_map: "p_after_epoch";
  read_series: "p_from" | "p_names" | "p_to";
  read_series_of_runs: "p_from" | "p_names" | "p_to";
  report_status: "p_batch_id";
  request_command: "p_new_token_hash";
  save_retention: "p_archived_days" | "p_points_days";
  start_job: "p_body_hash" | "p_idempotency_key";
}

type Generated<Name extends FunctionName> = Database["public"]["Functions"][Name]["Args"];
type Nullable<Name, Key> = Name extends keyof NullableArgs
  ? Key extends NullableArgs[Name]
    ? null
    : never
  : never;
type ReadonlyLists<T> = T extends (string | number)[] ? readonly T[number][] : T;

/** The arguments of a SQL function: all of them, since the fast path requires that. */
export type RpcArgs<Name extends FunctionName> = [Generated<Name>] extends [never]
  ? Record<string, never>
  : {
      [Key in keyof Generated<Name>]-?:
        | ReadonlyLists<Required<Generated<Name>>[Key]>
        | Nullable<Name, Key>;
    };

/**
 * A value as JSON. Zod types free-form JSON (configs, metadata) as `unknown`; such values come from
 * parsed request bodies and database replies, so they are JSON.
 */
export function asJson(value: object): NonNullable<Json> {
  return value as NonNullable<Json>;
}
