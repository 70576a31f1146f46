/** The table's columns in their order; the prompt is always there. */
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
  verdict: "Right",
  truth: "Truth",
  prediction: "Prediction",
  previous: "Was",
  error: "CER",
  change: "Change",
  overlap: "Overlap",
  ratio: "Length",
  validation: "Check",
  tokens: "Tokens",
  latency: "Latency",
  step: "Step",
};

/** Longer names for menus and screen readers. */
export const columnNames: Record<TableColumn, string> = {
  ...columnTitles,
  index: "Sample number",
  verdict: "Right or wrong",
  previous: "Answer at the compared epoch",
  error: "Character error rate",
  change: "Change of the error rate",
  overlap: "Word overlap",
  ratio: "Length ratio",
  validation: "Validation",
};

const widths: Record<TableColumn, string> = {
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

const leading: readonly TableColumn[] = ["index", "verdict"];
const promptWidth = "minmax(8rem,1fr)";

/** Columns shown unless told otherwise: those that the data can fill. */
export function usualColumns(data: { compared: boolean; scored: boolean; narrow: boolean }) {
  const { compared, scored, narrow } = data;
  return tableColumns.filter((id) => {
    // Beside an open sample, which shows the rest, there is little room.
    if (narrow && (id === "truth" || id === "previous" || id === "change")) return false;
    if (id === "verdict" || id === "truth" || id === "error") return scored;
    if (id === "change") return scored && compared;
    if (id === "previous") return compared;
    return id === "index" || id === "prediction";
  });
}

/** The grid of a row: number and verdict, the prompt, then the rest. */
export function rowGrid(columns: readonly TableColumn[]): {
  columns: string;
  minWidth: string;
  before: TableColumn[];
  after: TableColumn[];
} {
  const before = columns.filter((id) => leading.includes(id));
  const after = columns.filter((id) => !leading.includes(id));
  const all = [...before.map((id) => widths[id]), promptWidth, ...after.map((id) => widths[id])];
  const rems = all.map((width) => Number(/[\d.]+/.exec(width)?.[0] ?? 0));
  return {
    columns: all.join(" "),
    minWidth: `${rems.reduce((sum, width) => sum + width, 0)}rem`,
    before,
    after,
  };
}
