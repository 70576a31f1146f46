"use client";

import { useTheme } from "next-themes";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { cn } from "@/components/ui/cn";
import type { PanelSettings } from "@/lib/charts/chart-settings";
import type { Marker } from "@/lib/charts/markers";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import type { SeriesCell, SeriesPicture } from "@/lib/charts/series-cell";
import { smoothLine } from "@/lib/charts/smooth";
import type { XRange } from "@/lib/charts/x-axis";
import { logStart, withoutOutliers } from "@/lib/charts/y-range";
import { placeOnAxis } from "@/lib/charts/zoom";
import { readChartTheme } from "./chart-theme";
import type { CursorCell } from "./cursor-cell";
import { listenToPanAndZoom } from "./pan-and-zoom";
import { type PanelState, panelOptions } from "./uplot-options";

interface UplotPanelProps {
  /** The picture, which changes without a render. */
  cell: SeriesCell;
  settings: PanelSettings;
  markers: readonly Marker[];
  bytes?: boolean;
  /** Place in the series colour sequence, 1–8. */
  colour: number;
  /** Panels with the same key share their crosshair. */
  syncKey: string;
  cursor: CursorCell;
  /** A dragged range, or null to go back to what was shown before. */
  onZoom: (range: XRange | null) => void;
  /** The picture was moved to another range. */
  onPan: (range: XRange) => void;
  className?: string;
}

/** uPlot's own crosshair and selection, in the page's colours. */
const chrome =
  "[&_.u-cursor-x]:!border-solid [&_.u-cursor-x]:!border-faint [&_.u-select]:!bg-accent/15";

type Line = readonly (number | null)[];

/** A logarithmic axis has no place for zero and below. */
function positive(line: Line): Line {
  return line.map((value) => (value !== null && value > 0 ? value : null));
}

const nothing = (x: readonly number[]): null[] => new Array(x.length).fill(null);

/** The library declares its data mutable, yet only reads it. */
const asAligned = (columns: readonly Line[]) => columns as unknown as uPlot.AlignedData;

function alignedData(series: PreparedSeries, settings: PanelSettings): uPlot.AlignedData {
  const { logX, logY, smoothing: kind, amount } = settings;
  const smooth =
    amount > 0 ? smoothLine(series.x, series.line, { kind, amount }) : nothing(series.x);
  const edges = series.hasBand ? [series.low, series.high] : [nothing(series.x), nothing(series.x)];
  const lines: Line[] = [series.line, ...edges, smooth];
  const start = logX ? logStart(series.x) : 0;
  const x = logX ? series.x.map((value) => Math.max(value, start)) : series.x;
  return asAligned([x, ...(logY ? lines.map(positive) : lines)]);
}

/** What the scale takes: a logarithmic one begins at the first place it has. */
function scaleRange({ min, max }: XRange, series: PreparedSeries, logX: boolean): [number, number] {
  if (!logX || min > 0) return [min, max];
  const start = logStart(series.x);
  return [start, max > start ? max : start * 10];
}

/** Puts the crosshair of all panels of a key on a column of this one, or takes it away. */
function moveCrosshair(chart: uPlot, syncKey: string, index: number | null): void {
  const { clientWidth: width, clientHeight: height } = chart.over;
  const x = index === null ? undefined : chart.data[0][index];
  const away = x === undefined;
  const left = away ? -10 : chart.valToPos(x, "x");
  const top = away ? -10 : height / 2;
  chart.setCursor({ left, top });
  // The other panels read the place from here: they are told steps, not pixels.
  const shared = chart.cursor.sync?.values;
  if (shared && x !== undefined) shared[0] = x;
  uPlot.sync(syncKey).pub("mousemove", chart, left, top, width, height, index ?? -1);
}

const sameRange = (a: XRange, b: XRange) => a.min === b.min && a.max === b.max;

/** Runs at most once a frame, however often it is asked for. */
function onNextFrame(draw: () => void) {
  let frame: number | null = null;
  return {
    request: () => {
      frame ??= requestAnimationFrame(() => {
        frame = null;
        draw();
      });
    },
    cancel: () => {
      if (frame !== null) cancelAnimationFrame(frame);
    },
  };
}

interface Latest {
  markers: readonly Marker[];
  settings: PanelSettings;
  onZoom: (range: XRange | null) => void;
}

function panelState({ prepared, scale }: SeriesPicture, latest: Latest): PanelState {
  return {
    series: prepared,
    markers: scale.axis === "step" ? latest.markers : placeOnAxis(latest.markers, scale),
    yBounds: withoutOutliers(prepared, latest.settings.outliers),
    onZoom: latest.onZoom,
  };
}

/** One canvas panel. It fills its box and draws what was prepared; it decides nothing. */
export function UplotPanel({
  cell,
  settings,
  markers,
  colour,
  bytes = false,
  syncKey,
  cursor,
  onZoom,
  onPan,
  className,
}: UplotPanelProps) {
  const box = useRef<HTMLDivElement>(null);
  const redraw = useRef<(() => void) | null>(null);
  const { axis, logX, logY, amount } = settings;
  const current = { markers, onZoom, onPan, settings };
  const latest = useRef(current);
  const moved = useRef<XRange | null>(null);
  const smoothed = amount > 0;
  const { resolvedTheme } = useTheme();

  // The drawing runs outside React and reads what is current.
  useLayoutEffect(() => {
    latest.current = current;
  });

  // Canvas chart: made anew for another theme, colour or scale; new data goes in below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let picture = cell.get();
    let state = panelState(picture, latest.current);
    const made = new uPlot(
      panelOptions({
        width: element.clientWidth,
        height: element.clientHeight,
        theme: readChartTheme(element, colour),
        axis,
        logX,
        logY,
        bytes,
        smoothed,
        syncKey,
        cursor,
        state: () => state,
      }),
      alignedData(picture.prepared, latest.current.settings),
      element,
    );
    const draw = () => {
      const next = cell.get();
      if (!sameRange(next.range, picture.range)) moved.current = null;
      picture = next;
      state = panelState(picture, latest.current);
      const [min, max] = scaleRange(moved.current ?? picture.range, picture.prepared, logX);
      made.batch(() => {
        made.setData(alignedData(picture.prepared, latest.current.settings), false);
        made.setScale("x", { min, max });
      });
    };
    const frame = onNextFrame(draw);
    redraw.current = frame.request;
    const stopFollowing = cell.subscribe(frame.request);
    draw();
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    const stopMoves = cursor.onMove((index) => moveCrosshair(made, syncKey, index));
    const stopPan = listenToPanAndZoom(made, {
      onMove: (next) => {
        moved.current = next;
        made.setScale("x", next);
      },
      onEnd: (next) => latest.current.onPan(next),
    });
    return () => {
      stopFollowing();
      frame.cancel();
      stopPan();
      stopMoves();
      observer.disconnect();
      made.destroy();
      cursor.set(null);
      redraw.current = null;
    };
  }, [cell, colour, axis, logX, logY, bytes, smoothed, syncKey, cursor, resolvedTheme]);

  // Canvas chart: what React knows of it and the cell does not.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawing reads them itself.
  useEffect(() => redraw.current?.(), [markers, settings]);

  return <div ref={box} className={cn(chrome, className)} />;
}
