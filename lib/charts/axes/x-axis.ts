import { type AxisSource, type Column, columnX } from "../series/series-columns.ts";

export const xAxes = ["step", "epoch", "relative", "wall"] as const;
/** `relative`: seconds since the run started; `wall`: seconds since 1970. */
export type XAxis = (typeof xAxes)[number];

/** What the server must return beside the steps. */
export function axisSource(axis: XAxis): AxisSource {
  return axis === "relative" || axis === "wall" ? "time" : axis;
}

export interface XRange {
  readonly min: number;
  readonly max: number;
}

/** A position that is known on both axes. */
export interface Anchor {
  step: number;
  x: number;
}

/** The known positions, ascending on both axes; a clock that was set back stands still. */
function anchorsOf(
  columns: readonly Column[],
  toAxis: (x: number) => number,
  knownEpochs: readonly Anchor[],
): Anchor[] {
  const anchors: Anchor[] = [];
  const put = (step: number, raw: number) => {
    if (Number.isNaN(raw)) return;
    const last = anchors.at(-1);
    const x = Math.max(toAxis(raw), last?.x ?? Number.NEGATIVE_INFINITY);
    if (last?.step === step) last.x = x;
    else anchors.push({ step, x });
  };
  let next = 0;
  const putKnownEpochs = (upTo: number) => {
    for (; next < knownEpochs.length; next += 1) {
      const anchor = knownEpochs[next];
      if (!anchor || anchor.step >= upTo) break;
      // The columns' own positions are exact, so known epochs among them are skipped.
      if (anchor.step > (anchors.at(-1)?.step ?? -1)) put(anchor.step, anchor.x);
    }
  };
  for (const column of columns) {
    putKnownEpochs(column.stepFirst);
    put(column.stepFirst, column.xFirst);
    put(column.stepLast, column.xLast);
  }
  putKnownEpochs(Number.POSITIVE_INFINITY);
  return anchors;
}

type Field = "step" | "x";

/** Maps a value of one axis to the other, on straight lines through and beyond the anchors. */
function between(anchors: readonly Anchor[], from: Field, to: Field, at: number): number | null {
  let low = 0;
  let high = anchors.length - 1;
  if (high < 0) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((anchors[middle]?.[from] ?? 0) <= at) low = middle;
    else high = middle;
  }
  const a = anchors[low];
  const b = anchors[high];
  if (!a || !b) return null;
  if (a[from] === b[from]) return at < b[from] ? a[to] : b[to];
  return a[to] + ((at - a[from]) / (b[from] - a[from])) * (b[to] - a[to]);
}

/** Maps the steps of one series to the selected axis, and back. */
export interface XScale {
  axis: XAxis;
  /** Null if nothing of this series is known on the axis. */
  toX: (step: number) => number | null;
  toStep: (x: number) => number | null;
  columnX: (column: Column) => number | null;
}

const stepScale: XScale = {
  axis: "step",
  toX: (step) => step,
  toStep: (x) => x,
  columnX,
};

/**
 * The scale of a series. Live points come without epochs: they are between the steps whose epoch
 * the run has reported (`knownEpochs`), and beyond those at the rate so far. Relative time begins at
 * `startedAt`, ms since 1970.
 */
export function xScale(
  axis: XAxis,
  columns: readonly Column[],
  startedAt: number,
  knownEpochs: readonly Anchor[] = [],
): XScale {
  if (axis === "step") return stepScale;
  const toAxis = (x: number) =>
    axis === "epoch" ? x : axis === "wall" ? x / 1000 : (x - startedAt) / 1000;
  const anchors = anchorsOf(columns, toAxis, knownEpochs);
  const toX = (step: number) => between(anchors, "step", "x", step);
  return {
    axis,
    toX,
    toStep: (x) => between(anchors, "x", "step", x),
    columnX: ({ stepFirst, stepLast }) => {
      const first = toX(stepFirst);
      const last = toX(stepLast);
      return first === null || last === null ? null : first + (last - first) / 2;
    },
  };
}

/** The steps in a range of the axis, at least one; null if they are unknown. */
export function stepsWithin(
  scale: XScale,
  { min, max }: XRange,
): { from: number; to: number } | null {
  const first = scale.toStep(min);
  const last = scale.toStep(max);
  if (first === null || last === null) return null;
  const from = Math.max(0, Math.floor(first));
  return { from, to: Math.max(from + 1, Math.ceil(last)) };
}
