"use client";

import { useTheme } from "next-themes";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { cn } from "@/components/ui/cn";
import type { PanelSettings } from "@/lib/charts/chart-settings";
import type { Marker } from "@/lib/charts/markers";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import { smoothLine } from "@/lib/charts/smooth";
import type { XRange } from "@/lib/charts/x-axis";
import { logStart, withoutOutliers } from "@/lib/charts/y-range";
import { readChartTheme } from "./chart-theme";
import type { CursorCell } from "./cursor-cell";
import { listenToPanAndZoom } from "./pan-and-zoom";
import { panelOptions } from "./uplot-options";

interface UplotPanelProps {
  series: PreparedSeries;
  settings: PanelSettings;
  /** The part of the x axis that is shown. */
  range: XRange;
  /** With their places on the x axis for steps. */
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

/** One canvas panel. It fills its box and draws what was prepared; it decides nothing. */
export function UplotPanel({
  series,
  settings,
  range,
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
  const chart = useRef<uPlot | null>(null);
  const { axis, logX, logY, amount, outliers } = settings;
  const yBounds = useMemo(() => withoutOutliers(series, outliers), [series, outliers]);
  const current = { series, markers, yBounds, onZoom, onPan, settings, range };
  const state = useRef(current);
  const moved = useRef<XRange | null>(null);
  const smoothed = amount > 0;
  const { resolvedTheme } = useTheme();

  // The drawing hooks run outside React and read what is current.
  useLayoutEffect(() => {
    if (state.current.range !== range) moved.current = null;
    state.current = current;
  });

  // Canvas chart: made anew for another theme, colour or scale; new data goes in below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const { series: data, settings: look, range: shown } = state.current;
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
        state: () => state.current,
      }),
      alignedData(data, look),
      element,
    );
    const [min, max] = scaleRange(shown, data, logX);
    made.setScale("x", { min, max });
    chart.current = made;
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
      onEnd: (next) => state.current.onPan(next),
    });
    return () => {
      stopPan();
      stopMoves();
      observer.disconnect();
      made.destroy();
      cursor.set(null);
      chart.current = null;
    };
  }, [colour, axis, logX, logY, bytes, smoothed, syncKey, cursor, resolvedTheme]);

  // Canvas chart: data, range and markers, at most once a frame.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a hook draws markers and bounds.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const made = chart.current;
      if (!made) return;
      const [min, max] = scaleRange(moved.current ?? range, series, logX);
      made.batch(() => {
        made.setData(alignedData(series, settings), false);
        made.setScale("x", { min, max });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [series, range, markers, settings, yBounds]);

  return <div ref={box} className={cn(chrome, className)} />;
}
