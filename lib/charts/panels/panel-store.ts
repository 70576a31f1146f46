import { ListenerSet } from "../../listener-set.ts";
import type { Extents } from "../axes/extents.ts";
import { type Anchor, axisSource, type XAxis, type XScale, xScale } from "../axes/x-axis.ts";
import { visibleRange } from "../axes/zoom.ts";
import type { LinePicture, PanelLine } from "../kinds/line/line-picture.ts";
import {
  createSeriesMerger,
  type SeriesHistory,
  type SeriesMerger,
  type TailPoints,
} from "../series/merge-tail.ts";
import { prepareSeries } from "../series/prepare-series.ts";
import type { ChartZoom } from "./panel-settings.ts";
import type { RenderBudget } from "./render-budget.ts";

export interface LineInput {
  id: string;
  /** Lines of one run have the same start of relative time. */
  run: string;
  history: SeriesHistory | null;
  /** When the run started, ms since 1970. */
  startedAt: number;
}

export interface PanelInputs {
  lines: readonly LineInput[];
  /** The x axes that this panel shares with others. */
  extents: Extents;
  zoom: ChartZoom | null;
  axis: XAxis;
  /** The most columns of each line. */
  maxColumns: number;
  /** Replaces the lines by others, such as the mean of a group. */
  combine?: ((lines: readonly PanelLine[], maxColumns: number) => readonly PanelLine[]) | null;
}

/** One panel's picture, kept outside React: live points reach the canvas without a render. */
export interface PanelStore {
  get: () => LinePicture;
  /** The scales of the input lines, also if `combine` replaces these. */
  scales: () => readonly XScale[];
  subscribe: (listener: () => void) => () => void;
  /** Takes new inputs (histories, zoom, axis) and draws at once. */
  set: (inputs: PanelInputs) => void;
  /** Reads the live tails; draws if one of them has changed. */
  follow: (tailOf: (id: string) => TailPoints | null) => void;
  /** Draws again after a change of a shared axis. */
  refresh: (axis: XAxis) => void;
}

/** What is kept of one line from one drawing to the next. */
interface LineCache {
  merge: SeriesMerger;
  tail: TailPoints | null;
  line: PanelLine | null;
  /** The inputs that `line` was made from; it is made again when they change. */
  key: readonly unknown[];
}

const noEpochs: readonly Anchor[] = [];
const nothing: LinePicture = { kind: "line", axis: "step", lines: [], range: { min: 0, max: 1 } };

const sameKey = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((part, index) => Object.is(part, b[index]));

export function createPanelStore(budget: RenderBudget): PanelStore {
  const listeners = new ListenerSet();
  const caches = new Map<string, LineCache>();
  let picture = nothing;
  let inputs: PanelInputs | null = null;
  let scales: readonly XScale[] = [];
  // True while this panel itself extends the shared axis: that needs no second drawing.
  let drawing = false;

  const cacheOf = (id: string): LineCache => {
    const known = caches.get(id) ?? {
      merge: createSeriesMerger(),
      tail: null,
      line: null,
      key: [],
    };
    caches.set(id, known);
    return known;
  };

  const lineOf = ({ id, run, history, startedAt }: LineInput, of: PanelInputs): PanelLine => {
    const cache = cacheOf(id);
    const { extents, axis, zoom, maxColumns } = of;
    const origin = axis === "relative" ? extents.origin(run, startedAt) : 0;
    const epochs = axis === "epoch" ? extents.epochs(run) : noEpochs;
    const key = [history, cache.tail, zoom, axis, maxColumns, origin, epochs];
    if (cache.line && sameKey(cache.key, key)) return cache.line;
    const merged = cache.merge(history, cache.tail, {
      maxColumns,
      range: zoom,
      x: axisSource(axis),
    });
    const scale = xScale(axis, merged.columns, origin, epochs);
    const series = prepareSeries(merged, scale);
    const xMin = series.x[0];
    if (zoom === null && axis === "relative" && xMin !== undefined && xMin < 0) {
      extents.foundPoint(run, origin + xMin * 1000);
      return lineOf({ id, run, history, startedAt }, of);
    }
    cache.key = key;
    cache.line = { id, series, scale };
    return cache.line;
  };

  const prepare = (of: PanelInputs): LinePicture => {
    const own = of.lines.map((line) => lineOf(line, of));
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    for (const { series } of own) {
      min = Math.min(min, series.x[0] ?? min);
      max = Math.max(max, series.x.at(-1) ?? max);
    }
    const known = max >= min;
    if (of.zoom === null && known) of.extents.grow(of.axis, min, max);
    scales = own.flatMap(({ scale }) => scale ?? []);
    const range = visibleRange(
      of.zoom,
      of.extents.get(of.axis),
      of.axis,
      scales,
      known ? { min, max } : null,
    );
    const lines = of.combine ? of.combine(own, of.maxColumns) : own;
    return { kind: "line", axis: of.axis, lines, range };
  };

  const draw = () => {
    if (!inputs) return;
    drawing = true;
    picture = prepare(inputs);
    drawing = false;
    listeners.notify();
  };
  return {
    get: () => picture,
    scales: () => scales,
    subscribe: listeners.subscribe,
    set: (next) => {
      inputs = next;
      const ids = new Set(next.lines.map(({ id }) => id));
      for (const id of caches.keys()) if (!ids.has(id)) caches.delete(id);
      draw();
    },
    follow: (tailOf) => {
      if (!inputs) return;
      let changed = false;
      for (const { id } of inputs.lines) {
        const cache = cacheOf(id);
        const next = tailOf(id);
        if (next === cache.tail) continue;
        cache.tail = next;
        changed = true;
      }
      if (changed) budget(draw, inputs.lines.length);
    },
    refresh: (axis) => {
      if (inputs?.axis !== axis || drawing) return;
      // A zoomed panel does not follow the shared axis; epochs may move its points.
      if (inputs.zoom === null || axis === "epoch") budget(draw, inputs.lines.length);
    },
  };
}
