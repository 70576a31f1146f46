import { isScoreField, type MeasureField, type ScoreField } from "@signalbox/protocol/data/score";
import type { EpochMeasures } from "@/lib/predictions/scores/epoch-measures";
import { measureTitle } from "@/lib/predictions/scores/measure-value";

/** The columns that every run has, in their order; the prompt is always shown. */
const fixedColumns = [
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
type FixedColumn = (typeof fixedColumns)[number];
/** A column: one of every run's, or a score. */
export type TableColumn = FixedColumn | ScoreField;

export function isTableColumn(text: string): text is TableColumn {
  return isScoreField(text) || fixedColumns.some((id) => id === text);
}

interface ColumnText {
  title: string;
  /** A longer name for menus and screen readers. */
  name?: string;
  /** A grid track. */
  width: string;
  /** The measure that it shows. */
  field?: MeasureField;
}

const columnTexts: Record<FixedColumn, ColumnText> = {
  index: { title: "#", name: "Sample number", width: "3.25rem" },
  verdict: { title: "Correct", name: "Correctness", width: "3.25rem", field: "exact_match" },
  truth: { title: "Ground truth", width: "minmax(8rem,1fr)" },
  prediction: { title: "Prediction", width: "minmax(9rem,1.2fr)" },
  previous: { title: "Previous", name: "Answer at compared epoch", width: "minmax(8rem,1fr)" },
  error: {
    title: "CER",
    name: "Character error rate",
    width: "4rem",
    field: "char_error_rate",
  },
  change: { title: "Change", width: "11rem" },
  overlap: { title: "Overlap", name: "Word overlap", width: "4.75rem", field: "word_overlap" },
  ratio: { title: "Length", name: "Length ratio", width: "4.75rem", field: "length_ratio" },
  validation: {
    title: "Valid",
    name: "Validation",
    width: "4.5rem",
    field: "validation_pass",
  },
  tokens: { title: "Tokens", width: "4.75rem", field: "tokens" },
  latency: { title: "Latency", width: "5.5rem", field: "latency_ms" },
  step: { title: "Step", width: "5rem" },
};

export function columnTitle(id: TableColumn): string {
  return isScoreField(id) ? measureTitle(id) : columnTexts[id].title;
}

export function columnName(id: TableColumn): string {
  return isScoreField(id) ? measureTitle(id) : (columnTexts[id].name ?? columnTexts[id].title);
}

/** The grid track of a column; a change in a score shows two long figures. */
export function columnWidth(id: TableColumn, by: MeasureField): string {
  if (isScoreField(id)) return "5.25rem";
  return id === "change" && isScoreField(by) ? "14rem" : columnTexts[id].width;
}

/** The measure that a column shows, by which it sorts; null for other columns. */
export function columnField(id: TableColumn): MeasureField | null {
  return isScoreField(id) ? id : (columnTexts[id].field ?? null);
}

/** Columns before the prompt. */
export const leadingColumns: readonly TableColumn[] = ["index", "verdict"];
export const promptWidth = "minmax(8rem,1fr)";

/** Every column of a run in its order; the scores come after the change. */
export function allColumns({ scores }: Pick<EpochMeasures, "scores">): TableColumn[] {
  return fixedColumns.flatMap((id): TableColumn[] =>
    id === "change" ? [id, ...scores.map(({ name }): ScoreField => `scores.${name}`)] : [id],
  );
}

/** Beside a ground truth there is room for fewer scores. */
const scoresByDefault = { scored: 2, unscored: 4 };

interface Surroundings {
  /** Whether another epoch is compared with. */
  compared: boolean;
  /** Next to an open sample, which shows the texts itself. */
  narrow: boolean;
  /** The measure that answers are compared by. */
  by: MeasureField;
}

/** The columns shown by default: those that have data, and the first scores. */
export function defaultColumns(measures: EpochMeasures, around: Surroundings): TableColumn[] {
  const { scored, validated, scores } = measures;
  const { compared, narrow, by } = around;
  const room = scoresByDefault[scored ? "scored" : "unscored"];
  const first = scores.slice(0, room).map(({ name }): string => `scores.${name}`);
  const comparable = scored || scores.some(({ kind }) => kind === "number");
  const isShown: Record<FixedColumn, boolean> = {
    index: true,
    verdict: scored,
    truth: scored && !narrow,
    prediction: true,
    // The answer before gives way to scores.
    previous: compared && !narrow && scores.length === 0,
    error: scored && (!narrow || by === "char_error_rate"),
    change: compared && comparable && !narrow,
    overlap: by === "word_overlap",
    ratio: false,
    validation: by === "validation_pass" || (validated && !scored && !narrow),
    tokens: by === "tokens",
    latency: by === "latency_ms",
    step: false,
  };
  return allColumns(measures).filter((id) =>
    isScoreField(id) ? id === by || (!narrow && first.includes(id)) : isShown[id],
  );
}
