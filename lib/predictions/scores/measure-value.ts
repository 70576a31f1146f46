import type { ComparedPrediction, Prediction } from "@signalbox/protocol/data/prediction";
import {
  type Better,
  isScoreField,
  type Measure,
  type MeasureField,
  type ScoreValue,
} from "@signalbox/protocol/data/score";
import { ownValue } from "@signalbox/protocol/wire/json";
import { formatInteger, formatMetric, formatPercent } from "../../format/number.ts";
import { visibleText } from "../../format/visible-text.ts";

/** An answer, or the one that it is compared with. */
export type MeasuredRow = Prediction | NonNullable<ComparedPrediction["previous"]>;

interface MeasureFormat {
  title: string;
  value: (row: MeasuredRow) => number | boolean | null | undefined;
  format: (value: number) => string;
}

/** An error rate for a column; that of a runaway answer may be in the thousands. */
function formatErrorRate(rate: number): string {
  return rate < 100 ? rate.toFixed(2) : formatInteger(rate);
}

export function formatLatency(ms: number): string {
  return `${Math.abs(ms) < 10 ? ms.toFixed(1) : formatInteger(ms)} ms`;
}

const builtIns: Record<Measure, MeasureFormat> = {
  exact_match: {
    title: "Exact match",
    value: (row) => row.exact_match,
    format: (value) => formatPercent(value),
  },
  char_error_rate: {
    title: "Error rate",
    value: (row) => row.char_error_rate,
    format: formatErrorRate,
  },
  word_overlap: {
    title: "Word overlap",
    value: (row) => row.word_overlap,
    format: (value) => formatPercent(value),
  },
  length_ratio: {
    title: "Length ratio",
    value: (row) => row.length_ratio,
    format: (value) => value.toFixed(2),
  },
  validation_pass: {
    title: "Validation",
    value: (row) => row.validation_pass,
    format: (value) => (value >= 1 ? "passed" : "failed"),
  },
  tokens: { title: "Tokens", value: (row) => row.tokens, format: formatInteger },
  latency_ms: { title: "Latency", value: (row) => row.latency_ms, format: formatLatency },
};

export function scoreName(field: string): string {
  return field.slice("scores.".length);
}

/** The name of a measure or score, safe to show. */
export function measureTitle(field: MeasureField): string {
  return isScoreField(field) ? visibleText(scoreName(field)) : builtIns[field].title;
}

/** A measure or score of an answer; null where the answer has none. */
export function measureValue(row: MeasuredRow, field: MeasureField): ScoreValue | null {
  if (isScoreField(field)) return ownValue(row.scores, scoreName(field)) ?? null;
  const value = builtIns[field].value(row);
  return typeof value === "boolean" ? Number(value) : (value ?? null);
}

export function formatMeasure(field: MeasureField, value: ScoreValue): string {
  if (typeof value === "number") {
    return isScoreField(field) ? formatMetric(value) : builtIns[field].format(value);
  }
  return visibleText(value);
}

/** The size of a difference between two values of a measure. */
export function formatMeasureChange(field: MeasureField, change: number): string {
  const size = Math.abs(change);
  if (field === "exact_match" || field === "word_overlap") return `${(size * 100).toFixed(0)} pts`;
  return field === "validation_pass" ? formatMetric(size) : formatMeasure(field, size);
}

/** Whether a change is for the better; null where there is none. */
export function isImprovement(change: number, better: Better): boolean | null {
  return change === 0 ? null : change > 0 === (better === "higher");
}
