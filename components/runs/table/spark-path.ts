export interface SparkPath {
  /** SVG path data; several `M` where the series has gaps. */
  line: string;
  /** The last finite point, for the dot. */
  end: { x: number; y: number } | null;
  min: number;
  max: number;
}

/**
 * A line through `points` (`[step, value]`, steps ascending) in a box of `width` × `height`. With
 * more points than pixels each column keeps its lowest and highest value, so that no spike is lost.
 * Non-finite values leave a gap. Null where nothing can be drawn.
 */
export function sparkPath(
  points: readonly (readonly [number, number])[],
  width: number,
  height: number,
  inset = 1.5,
): SparkPath | null {
  const finite = points.filter(([, value]) => Number.isFinite(value));
  const first = finite[0];
  const last = finite.at(-1);
  if (!first || !last) return null;

  let min = Infinity;
  let max = -Infinity;
  for (const [, value] of finite) {
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  const span = last[0] - first[0];
  const inner = { width: width - 2 * inset, height: height - 2 * inset };
  const x = (step: number) => inset + (span === 0 ? 1 : (step - first[0]) / span) * inner.width;
  const y = (value: number) =>
    inset + (max === min ? 0.5 : (max - value) / (max - min)) * inner.height;

  const round = (value: number) => Math.round(value * 10) / 10;
  const parts: string[] = [];
  let open = false;
  for (const [step, value] of downsample(points, Math.floor(width))) {
    if (!Number.isFinite(value)) {
      open = false;
      continue;
    }
    parts.push(`${open ? "L" : "M"}${round(x(step))} ${round(y(value))}`);
    open = true;
  }
  return { line: parts.join(""), end: { x: round(x(last[0])), y: round(y(last[1])) }, min, max };
}

type Point = readonly [number, number];

/** Downsamples to each column's lowest and highest point; gaps stay gaps. */
function downsample(points: readonly Point[], columns: number): readonly Point[] {
  if (points.length <= columns * 2) return points;
  const size = points.length / columns;
  const kept: Point[] = [];
  for (let column = 0; column < columns; column += 1) {
    const slice = points.slice(Math.floor(column * size), Math.floor((column + 1) * size));
    const finite = slice.filter(([, value]) => Number.isFinite(value));
    const lowest = extreme(finite, (a, b) => a < b);
    const highest = extreme(finite, (a, b) => a > b);
    if (finite.length < slice.length && finite.length === 0 && slice[0]) kept.push(slice[0]);
    if (!lowest || !highest) continue;
    if (lowest === highest) kept.push(lowest);
    else kept.push(...(lowest[0] <= highest[0] ? [lowest, highest] : [highest, lowest]));
  }
  const end = points.at(-1);
  if (end && kept.at(-1) !== end) kept.push(end);
  return kept;
}

function extreme(points: readonly Point[], beats: (a: number, b: number) => boolean) {
  let best: Point | undefined;
  for (const point of points) if (!best || beats(point[1], best[1])) best = point;
  return best;
}
