import type { Job } from "@signalbox/protocol/job/job";
import type { RunField, Where } from "@signalbox/protocol/job/run-field";
import type { ConditionOp } from "@signalbox/protocol/wire/condition";
import { ownValue } from "@signalbox/protocol/wire/json";
import { formatInteger, formatSeriesValue } from "../format/number.ts";

/** The value at a path of keys. */
function valueAtPath(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Object.entries(at).find(([name]) => name === key)?.[1];
  }
  return at;
}

const columns: Record<string, (job: Job) => unknown> = {
  created: (job) => Date.parse(job.created_at),
  started: (job) => (job.started_at === null ? null : Date.parse(job.started_at)),
  updated: (job) => Date.parse(job.updated_at),
  name: (job) => job.name,
  status: (job) => job.status,
  progress: (job) => job.progress,
  step: (job) => job.current_step,
  duration: (job) => job.active_seconds,
  kind: (job) => job.kind,
  model: (job) => job.model_name,
  dataset: (job) => job.dataset_id ?? job.dataset_path,
};

/** A run's value of a field, by the same rules as the database; null if it has none. */
export function runValue(job: Job, { source, name }: RunField): unknown {
  if (source === "latest") {
    const value = ownValue(job.latest, name);
    return value === undefined || value === "NaN" ? null : value;
  }
  if (source === "job") return ownValue(columns, name)?.(job) ?? null;
  return valueAtPath(job.config, [name]) ?? valueAtPath(job.config, name.split(".")) ?? null;
}

/** A value as a number, including the infinities; null if it is not a number. */
export function numberOf(value: unknown): number | null {
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  return typeof value === "number" && !Number.isNaN(value) ? value : null;
}

function textOf(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value)).toLowerCase();
}

/** Sorts as the server does: numbers, then text; missing values last in both directions. */
export function compareValues(a: unknown, b: unknown, descending: boolean): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return x === y ? 0 : x < y === descending ? 1 : -1;
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (x !== null || y !== null) return x === null ? 1 : -1;
  const [v, w] = [textOf(a), textOf(b)];
  return v === w ? 0 : v < w === descending ? 1 : -1;
}

const within: Record<Exclude<ConditionOp, ":" | "!:">, (a: number, b: number) => boolean> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Whether a run matches a filter condition. */
export function matchesWhere(job: Job, where: Where): boolean {
  const value = runValue(job, where);
  const number = numberOf(value);
  const wanted = numberOf(where.value);
  const same =
    number !== null && wanted !== null
      ? number === wanted
      : value !== null && textOf(value) === where.text.toLowerCase();
  if (where.op === ":") return same;
  if (where.op === "!:") return !same;
  if (number === null || wanted === null) return false;
  return within[where.op](number, wanted);
}

/** A value as shown in a cell or heading; `name` decides the number format. */
export function valueLabel(name: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  const number = numberOf(value);
  if (number !== null) return formatSeriesValue(name, number);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The relative change against a baseline, as a fraction; null if it is undefined. */
export function percentAgainst(value: unknown, baseline: unknown): number | null {
  const [x, y] = [numberOf(value), numberOf(baseline)];
  if (x === null || y === null || y === 0 || !Number.isFinite(x) || !Number.isFinite(y))
    return null;
  return (x - y) / Math.abs(y);
}

export function formatPercentChange(change: number): string {
  const size = Math.abs(change) * 100;
  const text =
    size >= 1e6 ? size.toExponential(1).replace("e+", "e") : formatInteger(Math.round(size));
  return `${change > 0 ? "+" : change < 0 ? "−" : "±"}${size < 10 ? size.toFixed(1) : text}%`;
}

const lower = /loss|error|perplexity|ppl|cer\b|wer\b|kl\b|mse|mae\b|latency/i;
const higher =
  /accuracy|\bacc\b|exact_match|reward|score|precision|recall|\bf1|bleu|rouge|per_second/i;

/** Whether lower or higher is better, judged by the series' name; null if unknown. */
export function betterDirection(name: string): "lower" | "higher" | null {
  if (higher.test(name)) return "higher";
  return lower.test(name) ? "lower" : null;
}

/** Whether a change is an improvement; null if unknown. */
export function isBetter(name: string, change: number): boolean | null {
  const direction = betterDirection(name);
  return direction === null || change === 0 ? null : change < 0 === (direction === "lower");
}
