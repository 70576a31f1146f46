import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import { csvRow } from "@signalbox/protocol/wire/csv";

const exportFormats = ["csv", "jsonl", "parquet"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** The columns of an export in their order, with their types in Parquet. */
export const exportColumns = {
  sample_id: "INT64",
  sample_index: "INT64",
  prompt_id: "STRING",
  epoch: "DOUBLE",
  step: "INT64",
  prompt: "STRING",
  ground_truth: "STRING",
  prediction: "STRING",
  exact_match: "DOUBLE",
  char_error_rate: "DOUBLE",
  word_overlap: "DOUBLE",
  length_ratio: "DOUBLE",
  validation_passed: "BOOLEAN",
  tokens: "INT64",
  latency_ms: "DOUBLE",
  compare_epoch: "DOUBLE",
  compare_prediction: "STRING",
  compare_exact_match: "DOUBLE",
  compare_char_error_rate: "DOUBLE",
  change: "DOUBLE",
  metadata: "STRING",
  created_at: "STRING",
} as const;

export type ExportColumn = keyof typeof exportColumns;
export type ExportRow = Record<ExportColumn, string | number | boolean | null>;

/** A prediction as one flat row; the compared answer is in the `compare_…` columns. */
export function exportRow(prediction: ComparedPrediction): ExportRow {
  const { previous, change, metadata, ...row } = prediction;
  const hasMetadata = Object.keys(metadata).length > 0;
  return {
    ...row,
    compare_epoch: previous?.epoch ?? null,
    compare_prediction: previous?.prediction ?? null,
    compare_exact_match: previous?.exact_match ?? null,
    compare_char_error_rate: previous?.char_error_rate ?? null,
    change: change ?? null,
    metadata: hasMetadata ? JSON.stringify(metadata) : null,
  };
}

export const columnNames = Object.keys(exportColumns).filter(
  (name): name is ExportColumn => name in exportColumns,
);

export function csvHeader(): string {
  return csvRow(columnNames);
}

export function csvLine(row: ExportRow): string {
  return csvRow(columnNames.map((name) => row[name]));
}

/** JSON Lines: every column of every row, with text unchanged. */
export function jsonLine(row: ExportRow): string {
  return `${JSON.stringify(Object.fromEntries(columnNames.map((name) => [name, row[name]])))}\n`;
}

/** A file name that is valid on every system. */
export function exportFileName(parts: readonly (string | number | null)[], format: ExportFormat) {
  const stem = parts
    .filter((part) => part !== null && part !== "")
    .join("-")
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "_")
    .slice(0, 120);
  return `${stem || "predictions"}.${format}`;
}
