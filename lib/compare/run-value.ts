import type { Job } from "@signalbox/protocol/job";
import type { RunField, Where, WhereOp } from "@signalbox/protocol/run-field";
import { formatInteger, formatSeriesValue } from "../format/number.ts";

/** The value at a path of keys. */
function dig(value: unknown, path: readonly string[]): unknown {
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

/** What a run has at a field, by the database's own rules; null where it has nothing. */
export function runValue(job: Job, { source, name }: RunField): unknown {
  if (source === "latest") {
    const value = job.latest[name];
    return value === undefined || value === "NaN" ? null : value;
  }
  if (source === "job") return columns[name]?.(job) ?? null;
  return dig(job.config, [name]) ?? dig(job.config, name.split(".")) ?? null;
}

/** A value as a number, infinities included; null where it is none. */
export function numberOf(value: unknown): number | null {
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  return typeof value === "number" && !Number.isNaN(value) ? value : null;
}

function wordOf(value: unknown): string {
  return (typeof value === "string" ? value : JSON.stringify(value)).toLowerCase();
}

/** Orders two values as the server does: numbers, then words, and nothing last either way. */
export function compareValues(a: unknown, b: unknown, falling: boolean): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return x === y ? 0 : x < y === falling ? 1 : -1;
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (x !== null || y !== null) return x === null ? 1 : -1;
  const [v, w] = [wordOf(a), wordOf(b)];
  return v === w ? 0 : v < w === falling ? 1 : -1;
}

const within: Record<Exclude<WhereOp, ":" | "!:">, (a: number, b: number) => boolean> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Whether a run meets a condition. */
export function meets(job: Job, where: Where): boolean {
  const value = runValue(job, where);
  const number = numberOf(value);
  const wanted = numberOf(where.value);
  const same =
    number !== null && wanted !== null
      ? number === wanted
      : value !== null && wordOf(value) === where.text.toLowerCase();
  if (where.op === ":") return same;
  if (where.op === "!:") return !same;
  if (number === null || wanted === null) return false;
  return within[where.op](number, wanted);
}

/** A value as a cell or a heading shows it; `name` decides the notation of numbers. */
export function valueLabel(name: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  const number = numberOf(value);
  if (number !== null) return formatSeriesValue(name, number);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `+12.5%` against a baseline; null where there is nothing to measure by. */
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

/** Which end of a series is the better one, by its name; null where the name does not say. */
export function betterEnd(name: string): "lower" | "higher" | null {
  if (higher.test(name)) return "higher";
  return lower.test(name) ? "lower" : null;
}

/** Whether a change of a series is for the better; null where nothing says so. */
export function isBetter(name: string, change: number): boolean | null {
  const end = betterEnd(name);
  return end === null || change === 0 ? null : change < 0 === (end === "lower");
}
