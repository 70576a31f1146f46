import uPlot from "uplot";
import type { Marker } from "@/lib/charts/axes/markers";
import type { XRange } from "@/lib/charts/axes/x-axis";
import { nearestReading } from "@/lib/charts/kinds/nearest-reading";
import type { PictureStore } from "@/lib/charts/kinds/panel-kind";
import { type PanelPicture, panelReader, preparePanel } from "@/lib/charts/kinds/panel-kinds";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { LineStyle } from "@/lib/charts/style/line-style";
import type { Crosshair, CrosshairStore } from "./crosshair-store";
import type { Highlight } from "./highlight";
import { createHoverDots, type HoverDots } from "./hover-dots";
import { onNextFrame } from "./on-next-frame";
import { listenToPanAndZoom } from "./pan-and-zoom";
import { type PlotState, plotOptions } from "./plot-options";
import { readChartTheme } from "./read-chart-theme";

/** What may change without a new plot. */
export interface PlotProps {
  settings: PanelSettings;
  markers: readonly Marker[];
  /** The style of each entry of the legend, by its id. */
  lineStyles: ReadonlyMap<string, LineStyle>;
  /** A dragged range, or null to go back to what was shown before. */
  onZoom: (range: XRange | null) => void;
  /** The plot was moved to another range. */
  onPan: (range: XRange) => void;
}

interface LivePlotOptions {
  /** The picture, which changes without a render. */
  store: PictureStore<PanelPicture>;
  /** Which entry is highlighted, here and in other panels. */
  highlight: Highlight;
  /** Panels with the same key share their crosshair. */
  syncKey: string;
  crosshairStore: CrosshairStore;
  /** The values are bytes. */
  bytes: boolean;
  latest: () => PlotProps;
}

/** How far from the pointer a value is still read, in pixels. */
const reachPixels = 24;

const sameRange = (a: XRange, b: XRange) => a.min === b.min && a.max === b.max;

/** What uPlot needs for its scales: the ends of both axes. */
function frameData({ x, y }: PlotState["prepared"]["bounds"]): uPlot.AlignedData {
  return [
    [x.min, x.max],
    [y.min, y.max],
  ];
}

/** Moves the crosshair of all panels with a key to a value of the x axis, or hides it. */
function moveCrosshair(chart: uPlot, syncKey: string, x: number | null): void {
  const { clientWidth: width, clientHeight: height } = chart.over;
  const left = x === null ? -10 : chart.valToPos(x, "x");
  const top = x === null ? -10 : height / 2;
  chart.setCursor({ left, top });
  // The other panels read the x value from here, because their pixels differ.
  const shared = chart.cursor.sync?.values;
  if (shared && x !== null) shared[0] = x;
  uPlot.sync(syncKey).pub("mousemove", chart, left, top, width, height, 0);
}

/**
 * Draws a store's picture into an element and follows it, outside React. `request` draws again with
 * the next frame.
 */
export function createLivePlot(element: HTMLElement, options: LivePlotOptions) {
  const { store, highlight, syncKey, crosshairStore, bytes, latest } = options;
  const theme = readChartTheme(element);
  let moved: XRange | null = null;
  let shown = store.get().range;
  let dots: HoverDots | null = null;

  const onCrosshair = (chart: uPlot, crosshair: Crosshair | null) => {
    crosshairStore.set(crosshair);
    const { picture, prepared, highlighted } = state;
    const reader = panelReader(picture);
    const exact = crosshair ? reader.at(picture, crosshair.x, 0) : [];
    dots?.show(reader.dots(picture, exact, highlighted), crosshair?.x ?? 0);
    if (!crosshair?.own || reader.ids(picture).length < 2) return;
    const perPixel = (prepared.bounds.x.max - prepared.bounds.x.min) / chart.over.clientWidth;
    const near = reader.at(picture, crosshair.x, perPixel * reachPixels);
    highlight.set(nearestReading(near, crosshair.top, (value) => chart.valToPos(value, "y")));
  };
  const stateNow = (): PlotState => {
    const picture = store.get();
    if (!sameRange(picture.range, shown)) moved = null;
    shown = picture.range;
    const visible = moved ? { ...picture, range: moved } : picture;
    const view = { ...latest(), highlighted: highlight.get() };
    return {
      picture: visible,
      prepared: preparePanel(visible, view),
      highlighted: view.highlighted,
      onZoom: view.onZoom,
      onCrosshair,
    };
  };
  let state = stateNow();
  const size = () => ({ width: element.clientWidth, height: element.clientHeight });
  const chart = new uPlot(
    plotOptions({
      ...size(),
      theme,
      settings: latest().settings,
      bytes,
      syncKey,
      state: () => state,
    }),
    frameData(state.prepared.bounds),
    element,
  );
  dots = createHoverDots(chart, theme, () => latest().lineStyles);
  const draw = () => {
    state = stateNow();
    const { bounds } = state.prepared;
    chart.batch(() => {
      chart.setData(frameData(bounds), false);
      chart.setScale("x", bounds.x);
    });
  };
  const frame = onNextFrame(draw);
  draw();
  const observer = new ResizeObserver(() => chart.setSize(size()));
  observer.observe(element);
  const stops = [
    store.subscribe(frame.request),
    highlight.subscribe(frame.request),
    crosshairStore.onMove((x) => moveCrosshair(chart, syncKey, x)),
    listenToPanAndZoom(chart, {
      onMove: (next) => {
        moved = next;
        frame.request();
      },
      onEnd: (next) => latest().onPan(next),
    }),
  ];
  return {
    request: frame.request,
    destroy: () => {
      for (const stop of stops) stop();
      frame.cancel();
      observer.disconnect();
      chart.destroy();
      crosshairStore.set(null);
    },
  };
}
