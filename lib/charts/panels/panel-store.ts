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
  /** The run it belongs to: lines of one run begin relative time together. */
  run: string;
  history: SeriesHistory | null;
  /** When the run started, ms since 1970. */
  startedAt: number;
}

export interface PanelInputs {
  lines: readonly LineInput[];
  /** The x axes that this panel has in common with others. */
  extents: Extents;
  zoom: ChartZoom | null;
  axis: XAxis;
  /** Of each line. */
  maxColumns: number;
  /** Draws other lines in place of these, such as the mean of a group. */
  combine?: ((lines: readonly PanelLine[], maxColumns: number) => readonly PanelLine[]) | null;
}

/** One panel's picture, kept outside React: live points reach the canvas without a render. */
export interface PanelStore {
  get: () => LinePicture;
  /** The scales of the lines as they came, also where others are drawn in their place. */
  scales: () => readonly XScale[];
  subscribe: (listener: () => void) => () => void;
  /** The histories, the zoom or the axis are others: shown at once. */
  set: (inputs: PanelInputs) => void;
  /** The live tails as they are now, by line; unless one has changed, nothing happens. */
  follow: (tailOf: (id: string) => TailPoints | null) => void;
  /** Where places on an axis have changed for the whole page. */
  refresh: (axis: XAxis) => void;
}

/** What one line keeps from one drawing to the next. */
interface Kept {
  merge: SeriesMerger;
  tail: TailPoints | null;
  line: PanelLine | null;
  /** What `line` was made of; another key makes it anew. */
  key: readonly unknown[];
}

const noEpochs: readonly Anchor[] = [];
const nothing: LinePicture = { kind: "line", axis: "step", lines: [], range: { min: 0, max: 1 } };

const sameKey = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((part, index) => Object.is(part, b[index]));

export function createPanelStore(budget: RenderBudget): PanelStore {
  const listeners = new ListenerSet();
  const kept = new Map<string, Kept>();
  let picture = nothing;
  let inputs: PanelInputs | null = null;
  let scales: readonly XScale[] = [];
  // What this panel itself adds to the common extent is in the picture it is about to show.
  let drawing = false;

  const keptOf = (id: string): Kept => {
    const known = kept.get(id) ?? { merge: createSeriesMerger(), tail: null, line: null, key: [] };
    kept.set(id, known);
    return known;
  };

  const lineOf = ({ id, run, history, startedAt }: LineInput, of: PanelInputs): PanelLine => {
    const own = keptOf(id);
    const { extents, axis, zoom, maxColumns } = of;
    const origin = axis === "relative" ? extents.origin(run, startedAt) : 0;
    const epochs = axis === "epoch" ? extents.epochs(run) : noEpochs;
    const key = [history, own.tail, zoom, axis, maxColumns, origin, epochs];
    if (own.line && sameKey(own.key, key)) return own.line;
    const merged = own.merge(history, own.tail, { maxColumns, range: zoom, x: axisSource(axis) });
    const scale = xScale(axis, merged.columns, origin, epochs);
    const series = prepareSeries(merged, scale);
    const xMin = series.x[0];
    if (zoom === null && axis === "relative" && xMin !== undefined && xMin < 0) {
      extents.foundPoint(run, origin + xMin * 1000);
      return lineOf({ id, run, history, startedAt }, of);
    }
    own.key = key;
    own.line = { id, series, scale };
    return own.line;
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
      for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
      draw();
    },
    follow: (tailOf) => {
      if (!inputs) return;
      let changed = false;
      for (const { id } of inputs.lines) {
        const own = keptOf(id);
        const next = tailOf(id);
        if (next === own.tail) continue;
        own.tail = next;
        changed = true;
      }
      if (changed) budget(draw, inputs.lines.length);
    },
    refresh: (axis) => {
      if (inputs?.axis !== axis || drawing) return;
      // A zoom stays where it is, unless what it shows has moved.
      if (inputs.zoom === null || axis === "epoch") budget(draw, inputs.lines.length);
    },
  };
}
