import type { Extents } from "../axes/extents.ts";
import type { XAxis } from "../axes/x-axis.ts";
import type { LineGroup } from "../kinds/line/group-lines.ts";
import type { SeriesHistory, TailPoints } from "../series/merge-tail.ts";
import type { ChartZoom } from "./panel-settings.ts";
import type { LineInput } from "./panel-store.ts";
import type { RenderBudget } from "./render-budget.ts";

/** What a panel shows of its lines. */
export interface LineView {
  /** The zoomed range; null shows all steps. */
  zoom: ChartZoom | null;
  axis: XAxis;
  /** The panel is wide or full screen, so it has room for more detail. */
  large: boolean;
}

/** Histories by line id. */
export type Histories = ReadonlyMap<string, SeriesHistory>;

/** One request for the histories of some lines. */
export interface HistoryRequest {
  /** The query key: requests with the same key share their reply. */
  key: readonly unknown[];
  /** The lines to draw from the reply. The request is sent only if there are any. */
  lines: readonly string[];
  /** How many buckets a line comes in, about. */
  buckets: number;
  read: (context: { signal: AbortSignal }) => Promise<Histories>;
}

/** The points of lines that arrived live, after the page began to follow them. */
export interface LineTail {
  /** Another object once the line has grown; null without live points. */
  get: (id: string) => TailPoints | null;
  /** From this seq on the tail holds every point: a history must reach it. Null if unknown. */
  completeFrom: (id: string) => number | null;
  subscribe: (listener: () => void) => () => void;
}

/** Where the lines of a panel come from: their history on request, then their live tail. */
export interface LineSource {
  lines: readonly Omit<LineInput, "history">[];
  load: (view: LineView) => readonly HistoryRequest[];
  tail: LineTail;
  /** Draws the mean of each group instead of its lines. */
  groups: readonly LineGroup[] | null;
  /** The x axes that all panels of the page share. */
  extents: Extents;
  /** Limits the time that all panels of the page spend drawing. */
  budget: RenderBudget;
}

/** Whether points are missing between a history and the live tail that follows it. */
export function hasGap({ lastSeq }: SeriesHistory, completeFrom: number | null): boolean {
  return completeFrom !== null && lastSeq < completeFrom;
}
