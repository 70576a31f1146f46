import { isNamedSort, type PredictionSort } from "@signalbox/protocol/data/prediction-query";
import { isMeasureField, type MeasureField } from "@signalbox/protocol/data/score";
import type { Comparing } from "./epoch-measures.ts";
import { measureTitle } from "./measure-value.ts";

const named = {
  index: "Sample order",
  "-index": "Reverse sample order",
  worst: "Worst first",
  best: "Best first",
  improved: "Most improved",
  regressed: "Most regressed",
} as const;

/** The measure that a sort goes by; null for the order of the samples and of changes. */
export function sortField(sort: PredictionSort): MeasureField | null {
  const field = sort.replace(/^-/, "");
  return isMeasureField(field) ? field : null;
}

/** A sort in words: “reward, highest first”. */
export function describeSort(sort: PredictionSort, isText = false): string {
  if (isNamedSort(sort)) return named[sort];
  const field = sortField(sort);
  const [up, down] = isText ? ["A to Z", "Z to A"] : ["lowest first", "highest first"];
  return `${field ? measureTitle(field) : sort}, ${sort.startsWith("-") ? down : up}`;
}

/** The orders by name, and both ways of sorting by each measure. */
export function sortChoices(fields: readonly MeasureField[], compared: boolean): PredictionSort[] {
  return [
    "index",
    "-index",
    "worst",
    "best",
    ...(compared ? (["improved", "regressed"] as const) : []),
    ...fields.flatMap((field): PredictionSort[] => [`-${field}`, field]),
  ];
}

/** “Worst” and “best” as the sort of a column, which shows its arrow there. */
export function columnSort(sort: PredictionSort, { by, better }: Comparing): PredictionSort {
  if (sort !== "worst" && sort !== "best") return sort;
  return (sort === "best") === (better === "higher") ? `-${by}` : by;
}
