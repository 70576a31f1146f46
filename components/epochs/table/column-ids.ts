import type { predictionSorts } from "@signalbox/protocol/data/prediction-query";

export type PredictionSort = (typeof predictionSorts)[number];

/** The table's columns in their order; the prompt is always shown. */
export const tableColumns = [
  "index",
  "verdict",
  "truth",
  "prediction",
  "previous",
  "error",
  "change",
  "overlap",
  "ratio",
  "validation",
  "tokens",
  "latency",
  "step",
] as const;
export type TableColumn = (typeof tableColumns)[number];

export const columnTitles: Record<TableColumn, string> = {
  index: "#",
  verdict: "Correct",
  truth: "Ground truth",
  prediction: "Prediction",
  previous: "Previous",
  error: "CER",
  change: "Change",
  overlap: "Overlap",
  ratio: "Length",
  validation: "Valid",
  tokens: "Tokens",
  latency: "Latency",
  step: "Step",
};

/** Longer names for menus and screen readers. */
export const columnNames: Record<TableColumn, string> = {
  ...columnTitles,
  index: "Sample number",
  verdict: "Correctness",
  previous: "Answer at compared epoch",
  error: "Character error rate",
  change: "Change in error rate",
  overlap: "Word overlap",
  ratio: "Length ratio",
  validation: "Validation",
};

export const columnWidths: Record<TableColumn, string> = {
  index: "3.25rem",
  verdict: "3.25rem",
  truth: "minmax(8rem,1fr)",
  prediction: "minmax(9rem,1.2fr)",
  previous: "minmax(8rem,1fr)",
  error: "4rem",
  change: "5.25rem",
  overlap: "4.5rem",
  ratio: "4.5rem",
  validation: "4.5rem",
  tokens: "4.5rem",
  latency: "5.5rem",
  step: "5rem",
};

/** Columns before the prompt. */
export const leadingColumns: readonly TableColumn[] = ["index", "verdict"];
export const promptWidth = "minmax(8rem,1fr)";

/** The columns shown by default: those that have data. */
export function defaultColumns(data: { compared: boolean; scored: boolean; narrow: boolean }) {
  const { compared, scored, narrow } = data;
  return tableColumns.filter((id) => {
    // Narrow next to an open sample, which shows these itself.
    if (narrow && (id === "truth" || id === "previous" || id === "change")) return false;
    if (id === "verdict" || id === "truth" || id === "error") return scored;
    if (id === "change") return scored && compared;
    if (id === "previous") return compared;
    return id === "index" || id === "prediction";
  });
}
