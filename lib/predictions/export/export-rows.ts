import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import { csvRow } from "@signalbox/protocol/wire/csv";
import { fromWireNumber, nonFiniteWords, toJson } from "@signalbox/protocol/wire/wire-number";

const exportFormats = ["csv", "jsonl", "parquet"] as const;
export type ExportFormat = (typeof exportFormats)[number];

type Cell = string | number | boolean | null;

/** A column of an export, with its type in Parquet. */
export interface ExportColumn {
  name: string;
  type: "BOOLEAN" | "DOUBLE" | "INT64" | "STRING";
  value: (row: ComparedPrediction) => Cell;
}

const column = (
  name: string,
  type: ExportColumn["type"],
  value: ExportColumn["value"],
): ExportColumn => ({ name, type, value });

const beforeScores: readonly ExportColumn[] = [
  column("id", "STRING", (row) => row.id),
  column("sample_id", "INT64", (row) => row.sample_id),
  column("sample_index", "INT64", (row) => row.sample_index),
  column("prompt_id", "STRING", (row) => row.prompt_id),
  column("epoch", "DOUBLE", (row) => row.epoch),
  column("step", "INT64", (row) => row.step),
  column("prompt", "STRING", (row) => row.prompt),
  column("ground_truth", "STRING", (row) => row.ground_truth),
  column("prediction", "STRING", (row) => row.prediction),
  column("exact_match", "DOUBLE", (row) => row.exact_match),
  column("char_error_rate", "DOUBLE", (row) => row.char_error_rate),
  column("word_overlap", "DOUBLE", (row) => row.word_overlap),
  column("length_ratio", "DOUBLE", (row) => row.length_ratio),
  column("validation_pass", "BOOLEAN", (row) => row.validation_pass),
  column("validation_kind", "STRING", (row) => row.validation_kind),
  column("validation_errors", "STRING", (row) => jsonOf(row.validation_errors)),
  column("prompt_tokens", "INT64", (row) => row.prompt_tokens),
  column("completion_tokens", "INT64", (row) => row.completion_tokens),
  column("total_tokens", "INT64", (row) => row.total_tokens),
  column("latency_ms", "DOUBLE", (row) => row.latency_ms),
  column("source_index", "INT64", (row) => row.source_index),
  column("sample_source", "STRING", (row) => row.sample_source),
  column("sample_source_id", "STRING", (row) => row.sample_source_id),
  column("max_new_tokens", "INT64", (row) => row.max_new_tokens),
  column("do_sample", "BOOLEAN", (row) => row.do_sample),
];

const afterScores: readonly ExportColumn[] = [
  column("compare_epoch", "DOUBLE", ({ previous }) => previous?.epoch ?? null),
  column("compare_prediction", "STRING", ({ previous }) => previous?.prediction ?? null),
  column("compare_exact_match", "DOUBLE", ({ previous }) => previous?.exact_match ?? null),
  column("compare_char_error_rate", "DOUBLE", ({ previous }) => previous?.char_error_rate ?? null),
  column("change", "DOUBLE", ({ change }) => change ?? null),
  column("metadata", "STRING", ({ metadata }) =>
    Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : null,
  ),
  column("created_at", "STRING", (row) => row.created_at),
];

function jsonOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

const words: ReadonlySet<unknown> = new Set(nonFiniteWords);

/** The columns of an export in their order: those of every export, and one for each score. */
export function exportColumns(rows: readonly ComparedPrediction[]): ExportColumn[] {
  const texts = new Map<string, boolean>();
  for (const { scores } of rows) {
    for (const [name, value] of Object.entries(scores)) {
      const isText = typeof value === "string" && !words.has(value);
      texts.set(name, isText || (texts.get(name) ?? false));
    }
  }
  const scores = [...texts].map(([name, isText]) =>
    column(`scores.${name}`, isText ? "STRING" : "DOUBLE", (row) => {
      const value = Object.hasOwn(row.scores, name) ? (row.scores[name] ?? null) : null;
      return value === null || isText ? value : fromWireNumber(value);
    }),
  );
  return [...beforeScores, ...scores, ...afterScores];
}

export function csvFile(rows: readonly ComparedPrediction[]): string {
  const columns = exportColumns(rows);
  const lines = rows.map((row) => csvRow(columns.map(({ value }) => value(row))));
  return csvRow(columns.map(({ name }) => name)) + lines.join("");
}

/** JSON Lines: every column of every row, with text unchanged. */
export function jsonLines(rows: readonly ComparedPrediction[]): string {
  const columns = exportColumns(rows);
  return rows
    .map(
      (row) =>
        `${toJson(Object.fromEntries(columns.map((each) => [each.name, each.value(row)])))}\n`,
    )
    .join("");
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
