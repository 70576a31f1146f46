import { z } from "zod";
import { repeated } from "../wire/query.ts";
import { isMeasureField, type MeasureField, measures, parsePredictionWhere } from "./score.ts";

/** Orders by name; `improved` and `regressed` need an epoch to compare with. */
export const predictionSorts = [
  "index",
  "-index",
  "worst",
  "best",
  "regressed",
  "improved",
] as const;
export const predictionFilters = [
  "right",
  "wrong",
  "changed",
  "improved",
  "regressed",
  "passed",
  "failed",
] as const;
type NamedSort = (typeof predictionSorts)[number];

/** A named order, a measure, or `scores.<name>`; prefix with `-` to sort descending. */
export type PredictionSort = NamedSort | MeasureField | `-${MeasureField}`;

const changeWords: ReadonlySet<string> = new Set(["changed", "improved", "regressed"]);

/** Whether a sort or filter goes by the difference from another epoch, so that it needs one. */
export function needsComparison(word: string): boolean {
  return changeWords.has(word);
}

export function isNamedSort(text: string): text is NamedSort {
  return predictionSorts.some((sort) => sort === text);
}

export function isPredictionSort(text: string): text is PredictionSort {
  return isNamedSort(text) || isMeasureField(text.replace(/^-/, ""));
}

const fieldWords = `${measures.join(", ")} or scores.<name>`;

const predictionSortSchema = z
  .string()
  .refine(isPredictionSort, {
    message: `must be one of ${predictionSorts.join(", ")}, or ${fieldWords}, prefixed with - to sort descending`,
  })
  .describe(
    `One of ${predictionSorts.join(", ")}; or ${fieldWords}, prefixed with - to sort descending. Predictions without a value come last.`,
  );

const measureFieldSchema = z
  .string()
  .refine(isMeasureField, { message: `must be one of ${fieldWords}` });

export const predictionsQuerySchema = z
  .object({
    epoch: z.coerce
      .number()
      .min(0)
      .optional()
      .describe("One row per sample, from its latest step. Without it: every prediction."),
    changed_from: z.coerce
      .number()
      .min(0)
      .optional()
      .describe("An epoch to compare with; needs epoch."),
    sort: predictionSortSchema.default("index"),
    filter: z.enum(predictionFilters).optional(),
    by: measureFieldSchema
      .default("char_error_rate")
      .describe(`What worst, best, change, improved and regressed go by: ${fieldWords}.`),
    better: z
      .enum(["higher", "lower"])
      .optional()
      .describe(
        "Which values of `by` are better. Default: higher, but lower for names with words such as error, loss, latency or tokens.",
      ),
    where: repeated(
      z
        .string()
        .max(1024)
        .refine((text) => parsePredictionWhere(text) !== null, {
          message: `must be ${fieldWords}, one of : !: < <= > >=, and a value`,
        }),
      20,
    )
      .optional()
      .describe(
        `Conditions, all of which must hold: ${fieldWords}, then one of : !: < <= > >=, then a value, such as scores.judge:good.`,
      ),
    q: z
      .string()
      .max(256)
      .optional()
      .describe("Text in the prompt, the prediction or the ground truth."),
    limit: z.coerce.number().int().min(1).max(1000).default(50),
    offset: z.coerce.number().int().min(0).max(100_000_000).default(0),
  })
  .refine((query) => query.changed_from === undefined || query.epoch !== undefined, {
    error: "changed_from needs epoch: the epoch to compare with",
    path: ["changed_from"],
  })
  .refine(({ sort, changed_from }) => !needsComparison(sort) || changed_from !== undefined, {
    error: "needs changed_from: the epoch to compare with",
    path: ["sort"],
  })
  .refine(
    ({ filter, changed_from }) =>
      filter === undefined || !needsComparison(filter) || changed_from !== undefined,
    { error: "needs changed_from: the epoch to compare with", path: ["filter"] },
  );
