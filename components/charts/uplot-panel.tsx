"use client";

import { useTheme } from "next-themes";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Marker } from "@/lib/charts/markers";
import type { StepRange } from "@/lib/charts/merge-tail";
import type { PreparedSeries } from "@/lib/charts/prepare-series";
import { readChartTheme } from "./chart-theme";
import type { CursorCell } from "./cursor-cell";
import { type PanelState, panelOptions } from "./uplot-options";

interface UplotPanelProps {
  series: PreparedSeries;
  /** The steps shown. */
  range: StepRange;
  markers: readonly Marker[];
  /** Place in the series colour sequence, 1–8. */
  colour: number;
  logarithmic?: boolean;
  /** Panels with the same key share their crosshair. */
  syncKey: string;
  cursor: CursorCell;
  /** A dragged range, or null to go back to all steps. */
  onZoom: (range: StepRange | null) => void;
  className?: string;
}

function alignedData(series: PreparedSeries): uPlot.AlignedData {
  return [series.x, series.line, series.low, series.high];
}

/** One canvas panel. It fills its box and draws what was prepared; it decides nothing. */
export function UplotPanel({
  series,
  range,
  markers,
  colour,
  logarithmic = false,
  syncKey,
  cursor,
  onZoom,
  className,
}: UplotPanelProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const state = useRef<PanelState>({ series, markers, onZoom });
  const shown = useRef(range);
  const { resolvedTheme } = useTheme();

  // The drawing hooks run outside React and read what is current.
  useLayoutEffect(() => {
    state.current = { series, markers, onZoom };
    shown.current = range;
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
        syncKey,
        cursor,
        state: () => state.current,
      }),
      alignedData(state.current.series),
      element,
    );
    made.setScale("x", { min: shown.current.from, max: shown.current.to });
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      cursor.set(null);
      chart.current = null;
    };
  }, [colour, logarithmic, syncKey, cursor, resolvedTheme]);

  // Canvas chart: data, range and markers, at most once a frame.
  // biome-ignore lint/correctness/useExhaustiveDependencies: markers are drawn by a hook.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const made = chart.current;
      if (!made) return;
      made.batch(() => {
        made.setData(alignedData(series), false);
        made.setScale("x", { min: range.from, max: range.to });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [series, range.from, range.to, markers]);

  return <div ref={box} className={className} />;
}
