import type { ChartZoom } from "./chart-settings.ts";
import type { Extents } from "./extents.ts";
import { createSeriesMerger, type SeriesHistory, type TailPoints } from "./merge-tail.ts";
import type { Pace } from "./pace.ts";
import { type PreparedSeries, prepareSeries } from "./prepare-series.ts";
import { axisSource, type XAxis, type XRange, type XScale, xScale } from "./x-axis.ts";
import { shownRange } from "./zoom.ts";

/** What a panel shows now; a new object with every change. */
export interface SeriesPicture {
  prepared: PreparedSeries;
  scale: XScale;
  range: XRange;
}

export interface SeriesInputs {
  history: SeriesHistory | null;
  zoom: ChartZoom | null;
  axis: XAxis;
  maxColumns: number;
  startedAt: number;
}

/** One panel's picture, kept outside React: live points reach the canvas without a render. */
export interface SeriesCell {
  get: () => SeriesPicture;
  subscribe: (listener: () => void) => () => void;
  /** The history, the zoom or the axis is another one: shown at once. */
  set: (inputs: SeriesInputs) => void;
  /** The live tail as it is now; unless it has changed, nothing happens. */
  follow: (tail: TailPoints | null) => void;
  /** Where the page's common extent has grown. */
  refresh: () => void;
}

const nothing: SeriesPicture = {
  prepared: prepareSeries({ width: 1, columns: [] }),
  scale: xScale("step", [], 0),
  range: { min: 0, max: 1 },
};

export function createSeriesCell(extents: Extents, pace: Pace): SeriesCell {
  const merge = createSeriesMerger();
  const listeners = new Set<() => void>();
  let picture = nothing;
  let inputs: SeriesInputs | null = null;
  let tail: TailPoints | null = null;
  // What this panel itself adds to the common extent is in the picture it is about to show.
  let drawing = false;

  const prepare = ({ history, zoom, axis, maxColumns, startedAt }: SeriesInputs): SeriesPicture => {
    const merged = merge(history, tail, { maxColumns, range: zoom, x: axisSource(axis) });
    const origin = extents.origin(startedAt);
    const scale = xScale(axis, merged.columns, origin);
    const prepared = prepareSeries(merged, scale);
    const xMin = prepared.x[0];
    const xMax = prepared.x.at(-1);
    if (zoom === null && xMin !== undefined && xMax !== undefined) {
      if (axis === "relative" && xMin < 0) {
        extents.foundPoint(origin + xMin * 1000);
        return prepare({ history, zoom, axis, maxColumns, startedAt });
      }
      extents.grow(axis, xMin, xMax);
    }
    return { prepared, scale, range: shownRange(zoom, extents.get(axis), scale, xMin, xMax) };
  };
  const draw = () => {
    if (!inputs) return;
    drawing = true;
    picture = prepare(inputs);
    drawing = false;
    for (const listener of listeners) listener();
  };
  return {
    get: () => picture,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set: (next) => {
      inputs = next;
      draw();
    },
    follow: (next) => {
      if (next === tail) return;
      tail = next;
      if (inputs) pace(draw);
    },
    refresh: () => {
      if (inputs && inputs.zoom === null && !drawing) pace(draw);
    },
  };
}
