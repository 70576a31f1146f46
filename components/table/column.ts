import type { ReactNode } from "react";

/** The two sort orders of a column; the first click selects `first`. */
export interface ColumnSort<Sort extends string> {
  ascending: Sort;
  descending: Sort;
  first: "ascending" | "descending";
}

/** One column of a table, for the header and for every row. */
export interface Column<Row, Sort extends string = string> {
  id: string;
  /** Empty for a column without a name, such as the checkboxes. */
  title: string;
  /** A longer name, shown on hover. */
  label?: string;
  /** A grid track, such as `7rem` or `minmax(8rem, 1fr)`. */
  width: string;
  align?: "start" | "end";
  sortable?: ColumnSort<Sort>;
  /** Whether the reader can move the column. */
  movable?: boolean;
  /** The cell that names its row to screen readers. */
  rowHeader?: boolean;
  className?: string;
  cell: (row: Row) => ReactNode;
}

/** The grid of a row: its tracks, and the width below which the table scrolls sideways. */
export function columnGrid(columns: readonly { width: string }[]) {
  const widths = columns.map(({ width }) => width);
  const rems = widths.map((width) => Number(/[\d.]+/.exec(width)?.[0] ?? 0));
  return {
    gridTemplateColumns: widths.join(" "),
    minWidth: `${rems.reduce((sum, each) => sum + each, 0)}rem`,
  };
}

/** The sort order after a click on a column's title. */
export function nextSort<Sort extends string>(sorts: ColumnSort<Sort>, current: Sort): Sort {
  const other = sorts.first === "ascending" ? "descending" : "ascending";
  return current === sorts[sorts.first] ? sorts[other] : sorts[sorts.first];
}

/** The current sort direction of a column. */
export function sortDirection<Sort extends string>(
  sorts: ColumnSort<Sort>,
  current: Sort,
): "ascending" | "descending" | null {
  if (current === sorts.ascending) return "ascending";
  return current === sorts.descending ? "descending" : null;
}

/** The ids with one of them moved. */
export function moveColumn<Id extends string>(ids: readonly Id[], from: number, to: number): Id[] {
  const next = [...ids];
  const [moved] = next.splice(from, 1);
  if (moved) next.splice(Math.max(0, Math.min(next.length, to)), 0, moved);
  return next;
}
