import { z } from "zod";
import { type Comparison, parseCondition } from "../wire/condition.ts";
import { isJsonObject } from "../wire/json.ts";
import { wireNumberSchema } from "../wire/primitives.ts";

export const scoreLimits = {
  /** Characters of a score's name, and of a text that is a score. */
  name: 128,
  text: 256,
  /** Scores of one prediction. */
  perRow: 64,
  /** Scores of a job that have means, tiles of the map and ranges. */
  perJob: 100,
  /** Texts of a score that are counted one by one; the others are counted together. */
  categories: 20,
} as const;

/** The value of a score: a number, or the text of a category. */
export const scoreValueSchema = z.union([wireNumberSchema, z.string()]);
export type ScoreValue = z.infer<typeof scoreValueSchema>;

/** Figures of a prediction that every run may have, as sorts and conditions name them. */
export const measures = [
  "exact_match",
  "char_error_rate",
  "length_ratio",
  "word_overlap",
  "latency_ms",
  "tokens",
  "validation_pass",
] as const;
export type Measure = (typeof measures)[number];
export type ScoreField = `scores.${string}`;
/** What predictions are sorted, filtered and compared by. */
export type MeasureField = Measure | ScoreField;

export interface PredictionField {
  source: "measure" | "score";
  name: string;
}

const scoreField = /^scores\.([\s\S]{1,128})$/;

export function isScoreField(text: string): text is ScoreField {
  return scoreField.test(text);
}

/** Reads `scores.<name>` or a built-in measure; null for anything else. */
export function parseMeasureField(text: string): PredictionField | null {
  const score = scoreField.exec(text)?.[1];
  if (score !== undefined) return { source: "score", name: score };
  return measures.some((measure) => measure === text) ? { source: "measure", name: text } : null;
}

export function isMeasureField(text: string): text is MeasureField {
  return parseMeasureField(text) !== null;
}

const smallIsGood = new Set(
  "cer cost duration err error errors kl latency loss losses mae mse ms nll perplexity ppl rmse seconds tokens toxicity wer".split(
    " ",
  ),
);

export type Better = "higher" | "lower";

/**
 * Which values of a measure are better: lower ones where a word of its name says so (error, loss,
 * latency, tokens …), else higher ones.
 */
export function betterDirection(field: string): Better {
  const words = field
    .replace(/^scores\./, "")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => smallIsGood.has(word)) ? "lower" : "higher";
}

/** A condition on predictions: `scores.judge:good`, `char_error_rate<0.5`. */
export interface PredictionWhere extends PredictionField, Comparison {}

/** Reads a condition; null where it is none. Built-in measures are numbers, `validation_pass` also true or false. */
export function parsePredictionWhere(input: string): PredictionWhere | null {
  const condition = parseCondition(input);
  const field = condition && parseMeasureField(condition.field);
  if (!field) return null;
  const { comparison } = condition;
  if (field.source === "score") return { ...field, ...comparison };
  const truth = field.name === "validation_pass" && truthValues.get(comparison.text.toLowerCase());
  const value = typeof truth === "number" ? truth : comparison.value;
  return typeof value === "number" ? { ...field, ...comparison, value } : null;
}

const truthValues: ReadonlyMap<string, number> = new Map([
  ["true", 1],
  ["false", 0],
]);

/** Counts by text, any text: a record schema would drop the key `__proto__`. */
const countsSchema = z
  .custom<Record<string, number>>(isJsonObject, "must be an object")
  .meta({ type: "object", additionalProperties: { type: "number" } });

/** The figures of a score over an epoch; means leave out NaN and infinities. */
export const scoreSummarySchema = z.union([
  z.object({
    count: z.number(),
    mean: z.number().nullable(),
    min: z.number().nullable(),
    max: z.number().nullable(),
  }),
  z.object({
    count: z.number(),
    counts: countsSchema,
    /** Texts beyond the score's 20 categories. */
    other: z.number(),
  }),
]);

/** A score of a run that has means and a map. */
export const scoreInfoSchema = z.object({
  name: z.string(),
  kind: z
    .enum(["number", "text"])
    .describe("The type of its first value. Values of the other type are in the rows alone."),
  min: z.number().nullable(),
  max: z.number().nullable(),
  categories: z
    .array(z.string())
    .describe("The texts of a text score, at most 20, in the order in which they came."),
});
export type ScoreInfo = z.infer<typeof scoreInfoSchema>;
