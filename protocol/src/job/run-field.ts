import { z } from "zod";
import { type Comparison, parseCondition } from "../wire/condition.ts";

/** Columns of a run that sort the list; some also group it. */
export const jobSorts = [
  "created",
  "started",
  "updated",
  "name",
  "status",
  "progress",
  "step",
  "duration",
  "model",
] as const;
export type JobSort = (typeof jobSorts)[number];

/** Columns of a run that have a mean over a group: `duration` in seconds, `progress` from 0 to 1. */
export const jobMeans = ["progress", "step", "duration", "attempt"] as const;

export const jobGroups = ["status", "kind", "model", "dataset"] as const;

/**
 * A value that any run may have: `config.<key>` (a key of the config, or a path with dots) or
 * `latest.<series>` (the value a series has now).
 */
export type ValueField = `config.${string}` | `latest.${string}`;

/** What a group of runs can have a mean of. */
export type MeanField = (typeof jobMeans)[number] | ValueField;

/** A sort of the list; prefix with `-` to sort descending. */
export type SortKey = JobSort | `-${JobSort}` | ValueField | `-${ValueField}`;

export interface RunField {
  source: "job" | "config" | "latest";
  name: string;
}

const valueField = /^(config|latest)\.([\s\S]{1,256})$/;

export function isValueField(text: string): text is ValueField {
  return valueField.test(text);
}

/** Reads `config.<key>`, `latest.<series>` or one of `columns`; null for anything else. */
export function parseField(text: string, columns: readonly string[]): RunField | null {
  const match = valueField.exec(text);
  if (match?.[2]) return { source: match[1] === "config" ? "config" : "latest", name: match[2] };
  return columns.includes(text) ? { source: "job", name: text } : null;
}

export function isSortKey(text: string): text is SortKey {
  return parseField(text.replace(/^-/, ""), jobSorts) !== null;
}

export const sortKeySchema = z.string().refine(isSortKey, {
  message: `must be one of ${jobSorts.join(", ")}, config.<key> or latest.<series>, prefixed with - to sort descending`,
});

export function isMeanField(text: string): text is MeanField {
  return parseField(text, jobMeans) !== null;
}

export const meanFieldSchema = z.string().refine(isMeanField, {
  message: `must be one of ${jobMeans.join(", ")}, config.<key> or latest.<series>`,
});

export const groupKeySchema = z
  .string()
  .refine((text) => parseField(text, jobGroups) !== null, "must be config.<key> or a column");

/** A condition on a value: `config.batch_size:32`, `latest.train/loss<0.5`. */
export interface Where extends RunField, Comparison {}

/** Reads a condition; null where it is none. */
export function parseWhere(input: string): Where | null {
  const condition = parseCondition(input);
  const field = condition && parseField(condition.field, jobGroups);
  return field && { ...field, ...condition.comparison };
}

export const whereSchema = z
  .string()
  .max(1024)
  .transform((text, context): Where => {
    const where = parseWhere(text);
    if (where) return where;
    context.addIssue({
      code: "custom",
      message: "must be a field, one of : !: < <= > >=, and a value",
    });
    return z.NEVER;
  });
