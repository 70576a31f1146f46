import type { LineStyle } from "../style/line-style.ts";

/** One thing that a panel shows, as its legend names it: a series, a run, a group of runs. */
export interface LegendEntry {
  id: string;
  label: string;
  lineStyle: LineStyle;
  /** The series it has values of, which decides their notation. */
  series: string;
}
