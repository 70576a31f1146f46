import type { XScale } from "../axes/x-axis.ts";
import { type Column, columnLine, columnX, type SeriesColumns } from "./series-columns.ts";

/** A position where the trainer wrote a value that is not finite. */
export interface GapMark {
  x: number;
  kind: "NaN" | "∞";
}

/** One series ready to be drawn, in aligned arrays. */
export interface PreparedSeries {
  x: number[];
  line: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
  gaps: GapMark[];
  columns: readonly Column[];
  /** The number of columns left out because their position on the axis is unknown. */
  unplaced: number;
  /** Whether any column has more than one value; without, the band is a line. */
  hasBand: boolean;
  /** Indices drawn as dots: all of a short series, else those without a line to either side. */
  dots: number[];
  stepMin: number | null;
  stepMax: number | null;
  /** The value written last at the greatest step. */
  last: { step: number; value: number } | null;
}

const dotsUpTo = 60;

/** A point between two gaps has no line, so only a dot shows it. */
function dotIndices(line: readonly (number | null)[]): number[] {
  const dots: number[] = [];
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === null) continue;
    const alone = (line[index - 1] ?? null) === null && (line[index + 1] ?? null) === null;
    if (line.length <= dotsUpTo || alone) dots.push(index);
  }
  return dots;
}

/** The columns with their positions, ascending, without those whose position is unknown. */
function placed(columns: readonly Column[], scale: XScale): { column: Column; at: number }[] {
  return columns.flatMap((column) => {
    const at = scale.columnX(column);
    return at === null ? [] : [{ column, at }];
  });
}

/** Turns merged columns into what is drawn: mean line, min–max band, marks for NaN and ∞. */
export function prepareSeries(merged: SeriesColumns, scale?: XScale): PreparedSeries {
  const places = scale && scale.axis !== "step" ? placed(merged.columns, scale) : null;
  const columns = places ? places.map(({ column }) => column) : merged.columns;
  const x: number[] = [];
  const line: (number | null)[] = [];
  const low: (number | null)[] = [];
  const high: (number | null)[] = [];
  const gaps: GapMark[] = [];
  let hasBand = false;
  for (const [index, column] of columns.entries()) {
    const at = places?.[index]?.at ?? columnX(column);
    x.push(at);
    line.push(columnLine(column));
    const finite = column.max >= column.min;
    low.push(finite ? column.min : null);
    high.push(finite ? column.max : null);
    if (column.max > column.min) hasBand = true;
    if (column.nan > 0) gaps.push({ x: at, kind: "NaN" });
    else if (column.infinite > 0) gaps.push({ x: at, kind: "∞" });
  }
  const first = columns[0];
  const final = columns.at(-1);
  return {
    x,
    line,
    low,
    high,
    gaps,
    columns,
    unplaced: merged.columns.length - columns.length,
    hasBand,
    dots: dotIndices(line),
    stepMin: first?.stepFirst ?? null,
    stepMax: final?.stepLast ?? null,
    last: final ? { step: final.stepLast, value: final.last } : null,
  };
}
