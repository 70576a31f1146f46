import type { Job } from "@signalbox/protocol/job/job";
import { jobGroups, parseField } from "@signalbox/protocol/job/run-field";
import { runValue, valueLabel } from "../../lib/compare/run-value.ts";

export interface RunsOfValue {
  /** The value as JSON. */
  key: string;
  label: string;
  ids: string[];
}

/** Groups runs by their value of a field, in order of first appearance. */
export function groupRuns(jobs: readonly Job[], fieldText: string): RunsOfValue[] {
  const field = parseField(fieldText, jobGroups);
  if (!field) return [];
  const groups = new Map<string, RunsOfValue>();
  for (const job of jobs) {
    const value = runValue(job, field);
    const key = JSON.stringify(value);
    const group = groups.get(key) ?? { key, label: valueLabel(field.name, value), ids: [] };
    group.ids.push(job.id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** `config.batch_size` → `batch_size`. */
export function fieldTitle(field: string): string {
  return field.replace(/^(config|latest)\./, "");
}
