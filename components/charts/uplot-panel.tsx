"use client";

import { useTheme } from "next-themes";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { cn } from "@/components/ui/cn";
import type { Marker } from "@/lib/charts/markers";
import type { StepRange } from "@/lib/charts/merge-tail";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import { smoothLine } from "@/lib/charts/smooth";
import { readChartTheme } from "./chart-theme";
import type { CursorCell } from "./cursor-cell";
import { type PanelState, panelOptions } from "./uplot-options";

interface UplotPanelProps {
  series: PreparedSeries;
  /** The steps shown. */
  range: StepRange;
  markers: readonly Marker[];
  bytes?: boolean;
  /** Place in the series colour sequence, 1–8. */
  colour: number;
  logarithmic?: boolean;
  /** Weight of the smoothing, 0 = none. */
  smoothing?: number;
  /** Panels with the same key share their crosshair. */
  syncKey: string;
  cursor: CursorCell;
  /** A dragged range, or null to go back to all steps. */
  onZoom: (range: StepRange | null) => void;
  className?: string;
}

/** uPlot's own crosshair and selection, in the page's colours. */
const chrome =
  "[&_.u-cursor-x]:!border-solid [&_.u-cursor-x]:!border-faint [&_.u-select]:!bg-accent/15";

type Line = (number | null)[];

/** A logarithmic axis has no place for zero and below. */
function positive(line: Line): Line {
  return line.map((value) => (value !== null && value > 0 ? value : null));
}

function alignedData(
  series: PreparedSeries,
  { logarithmic, smoothing }: { logarithmic: boolean; smoothing: number },
): uPlot.AlignedData {
  const smooth = smoothing > 0 ? smoothLine(series.line, smoothing) : series.line.map(() => null);
  const lines = [series.line, series.low, series.high, smooth];
  return [series.x, ...(logarithmic ? lines.map(positive) : lines)];
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
  range,
  markers,
  colour,
  bytes = false,
  logarithmic = false,
  smoothing = 0,
  syncKey,
  cursor,
  onZoom,
  className,
}: UplotPanelProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const state = useRef<PanelState>({ series, markers, onZoom });
  const look = useRef({ range, smoothing });
  const smoothed = smoothing > 0;
  const { resolvedTheme } = useTheme();

  // The drawing hooks run outside React and read what is current.
  useLayoutEffect(() => {
    state.current = { series, markers, onZoom };
    look.current = { range, smoothing };
  });

  // Canvas chart: made anew for another theme, colour or scale; new data goes in below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(
      panelOptions({
        width: element.clientWidth,
        height: element.clientHeight,
        theme: readChartTheme(element, colour),
        logarithmic,
        bytes,
        smoothed,
        syncKey,
        cursor,
        state: () => state.current,
      }),
      alignedData(state.current.series, { logarithmic, smoothing: look.current.smoothing }),
      element,
    );
    const { from, to } = look.current.range;
    made.setScale("x", { min: from, max: to });
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    const stopMoves = cursor.onMove((index) => moveCrosshair(made, syncKey, index));
    return () => {
      stopMoves();
      observer.disconnect();
      made.destroy();
      cursor.set(null);
      chart.current = null;
    };
  }, [colour, logarithmic, bytes, smoothed, syncKey, cursor, resolvedTheme]);

  // Canvas chart: data, range and markers, at most once a frame.
  // biome-ignore lint/correctness/useExhaustiveDependencies: markers are drawn by a hook.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const made = chart.current;
      if (!made) return;
      made.batch(() => {
        made.setData(alignedData(series, { logarithmic, smoothing }), false);
        made.setScale("x", { min: range.from, max: range.to });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [series, range.from, range.to, markers, logarithmic, smoothing]);

  return <div ref={box} className={cn(chrome, className)} />;
}
