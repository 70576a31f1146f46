"use client";

import { useTheme } from "next-themes";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { cn } from "@/components/ui/cn";
import type { Marker } from "@/lib/charts/axes/markers";
import type { XRange } from "@/lib/charts/axes/x-axis";
import { moveToAxis } from "@/lib/charts/axes/zoom";
import { panelBounds } from "@/lib/charts/kinds/line/line-bounds";
import { nearestLine } from "@/lib/charts/kinds/line/nearest";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { PanelPicture, PanelStore } from "@/lib/charts/panels/panel-store";
import type { LineStyle } from "@/lib/charts/style/line-style";
import { type ChartTheme, readChartTheme } from "./chart-theme";
import type { Crosshair, CrosshairStore } from "./crosshair-store";
import type { Highlight } from "./highlight";
import { createHoverDots, type HoverDots } from "./hover-dots";
import { onNextFrame } from "./on-next-frame";
import { listenToPanAndZoom } from "./pan-and-zoom";
import { type PanelState, panelOptions } from "./panel-options";

export interface UplotPanelProps {
  /** The picture, which changes without a render. */
  store: PanelStore;
  settings: PanelSettings;
  markers: readonly Marker[];
  bytes?: boolean;
  /** How each line is drawn, by its id. */
  lineStyles: ReadonlyMap<string, LineStyle>;
  /** Which line stands out, here and wherever else it is shown. */
  highlight: Highlight;
  /** Panels with the same key share their crosshair. */
  syncKey: string;
  crosshairStore: CrosshairStore;
  /** A dragged range, or null to go back to what was shown before. */
  onZoom: (range: XRange | null) => void;
  /** The picture was moved to another range. */
  onPan: (range: XRange) => void;
  className?: string;
}

/** uPlot's own crosshair and selection, in the page's colours. */
const chrome =
  "[&_.u-cursor-x]:!border-solid [&_.u-cursor-x]:!border-faint [&_.u-select]:!bg-accent/15";

/** Puts the crosshair of all panels of a key on a place of this one, or takes it away. */
function moveCrosshair(chart: uPlot, syncKey: string, x: number | null): void {
  const { clientWidth: width, clientHeight: height } = chart.over;
  const left = x === null ? -10 : chart.valToPos(x, "x");
  const top = x === null ? -10 : height / 2;
  chart.setCursor({ left, top });
  // The other panels read the place from here: they are told steps, not pixels.
  const shared = chart.cursor.sync?.values;
  if (shared && x !== null) shared[0] = x;
  uPlot.sync(syncKey).pub("mousemove", chart, left, top, width, height, 0);
}

const sameRange = (a: XRange, b: XRange) => a.min === b.min && a.max === b.max;

type Latest = Pick<UplotPanelProps, "settings" | "markers" | "lineStyles" | "onZoom" | "onPan">;

function placedMarkers({ axis, lines }: PanelPicture, markers: readonly Marker[]) {
  if (axis === "step") return markers;
  const scale = lines.find((line) => line.scale?.toX(0) !== null)?.scale;
  return scale ? moveToAxis(markers, scale) : [];
}

function stateOf(
  picture: PanelPicture,
  latest: Latest,
  highlighted: string | null,
  onCrosshair: PanelState["onCrosshair"],
): PanelState {
  const { settings, markers, lineStyles, onZoom } = latest;
  return {
    picture,
    settings,
    lineStyles,
    highlighted,
    onZoom,
    onCrosshair,
    bounds: panelBounds(picture, settings),
    markers: markers.length > 0 ? placedMarkers(picture, markers) : markers,
  };
}

/** What uPlot needs for its scales: the ends of both axes. */
function frameData({ x, y }: PanelState["bounds"]): uPlot.AlignedData {
  return [
    [x.min, x.max],
    [y.min, y.max],
  ];
}

/** One canvas panel. It fills its box and draws what was prepared; it decides nothing. */
export function UplotPanel(props: UplotPanelProps) {
  const {
    store,
    settings,
    markers,
    lineStyles,
    bytes = false,
    highlight,
    syncKey,
    crosshairStore,
  } = props;
  const box = useRef<HTMLDivElement>(null);
  const redraw = useRef<(() => void) | null>(null);
  const { axis, logX, logY } = settings;
  const latest = useRef<Latest>(props);
  const { resolvedTheme } = useTheme();

  // The drawing runs outside React and reads what is current.
  useLayoutEffect(() => {
    latest.current = props;
  });

  // Canvas chart: made anew for another theme or scale; new data goes in below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const theme: ChartTheme = readChartTheme(element);
    let moved: XRange | null = null;
    let shown = store.get().range;
    let dots: HoverDots | null = null;
    const onCrosshair = (chart: uPlot, crosshair: Crosshair | null) => {
      crosshairStore.set(crosshair);
      const { lines } = state.picture;
      dots?.show(lines, crosshair?.x ?? null, state.highlighted);
      if (!crosshair?.own || lines.length < 2) return;
      const perPixel = (state.bounds.x.max - state.bounds.x.min) / chart.over.clientWidth;
      highlight.set(
        nearestLine(lines, crosshair.x, perPixel * 24, crosshair.top, (value) =>
          chart.valToPos(value, "y"),
        ),
      );
    };
    const now = () => {
      const picture = store.get();
      if (!sameRange(picture.range, shown)) moved = null;
      shown = picture.range;
      const seen = moved ? { ...picture, range: moved } : picture;
      return stateOf(seen, latest.current, highlight.get(), onCrosshair);
    };
    let state = now();
    const made = new uPlot(
      panelOptions({
        width: element.clientWidth,
        height: element.clientHeight,
        theme,
        axis,
        logX,
        logY,
        bytes,
        syncKey,
        state: () => state,
      }),
      frameData(state.bounds),
      element,
    );
    dots = createHoverDots(made, theme, () => latest.current.lineStyles);
    const draw = () => {
      state = now();
      made.batch(() => {
        made.setData(frameData(state.bounds), false);
        made.setScale("x", state.bounds.x);
      });
    };
    const frame = onNextFrame(draw);
    redraw.current = frame.request;
    const stopFollowing = store.subscribe(frame.request);
    const stopHighlight = highlight.subscribe(frame.request);
    draw();
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    const stopMoves = crosshairStore.onMove((x) => moveCrosshair(made, syncKey, x));
    const stopPan = listenToPanAndZoom(made, {
      onMove: (next) => {
        moved = next;
        frame.request();
      },
      onEnd: (next) => latest.current.onPan(next),
    });
    return () => {
      stopFollowing();
      stopHighlight();
      frame.cancel();
      stopPan();
      stopMoves();
      observer.disconnect();
      made.destroy();
      crosshairStore.set(null);
      redraw.current = null;
    };
  }, [store, axis, logX, logY, bytes, highlight, syncKey, crosshairStore, resolvedTheme]);

  // Canvas chart: what React knows of it and the store does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawing reads them itself.
  useEffect(() => redraw.current?.(), [markers, settings, lineStyles]);

  // By React, whose order of leaving and entering differs from the browser's.
  return (
    <div
      ref={box}
      onPointerLeave={() => highlight.set(null)}
      className={cn(chrome, props.className)}
    />
  );
}
