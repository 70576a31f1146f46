import type { Job } from "@signalbox/protocol/job/job";
import type { ProgressData } from "./frames.ts";
import type { MetricTuple } from "./series-tail.ts";

/** The newer of two views of one job; of an older one, only fields that have no row are used. */
export function mergeJob(held: Job | null, incoming: Job): Job {
  if (!held || held.generation !== incoming.generation || incoming.last_seq >= held.last_seq) {
    return { ...incoming, spark: incoming.spark ?? held?.spark };
  }
  return {
    ...incoming,
    status: held.status,
    error: held.error,
    progress: held.progress,
    current_step: held.current_step,
    latest: held.latest,
    last_seq: held.last_seq,
  };
}

/** The job with its progress from the server; an older frame does not move steps back. */
export function mergeProgress(held: Job, { last_seq, ...data }: ProgressData): Job {
  if (last_seq >= held.last_seq) return { ...held, ...data, last_seq };
  return { ...held, ...data, progress: held.progress, current_step: held.current_step };
}

/** The job with the newest values of its series, and the step and progress that they show. */
export function mergeMetrics(
  held: Job,
  series: Record<string, MetricTuple[]>,
  seq: number | null,
): Job {
  const latest = { ...held.latest };
  let step = held.current_step;
  for (const [name, points] of Object.entries(series)) {
    const last = points.at(-1);
    if (!last) continue;
    latest[name] = last[1];
    if (!name.startsWith("system/")) step = Math.max(step ?? 0, last[0]);
  }
  const moved = step !== held.current_step && step !== null && held.total_steps;
  return {
    ...held,
    latest,
    current_step: step,
    progress: moved ? Math.min(1, (step ?? 0) / (held.total_steps ?? 1)) : held.progress,
    last_seq: Math.max(held.last_seq, seq ?? 0),
  };
}
