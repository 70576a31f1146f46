"use client";

import { useTheme } from "next-themes";
import { useEffect, useLayoutEffect, useRef } from "react";
import uPlot from "uplot";
import { cn } from "@/components/ui/cn";
import {
  type OverlayDrawing,
  type OverlayPoint,
  type OverlayState,
  overlayOptions,
} from "./overlay-options";
import "uplot/dist/uPlot.min.css";

interface OverlayPanelProps {
  x: readonly number[];
  lines: readonly OverlayDrawing[];
  range: { from: number; to: number };
  logarithmic: boolean;
  /** The line that stands out; the others recede. */
  highlighted: string | null;
  /** Draws the band of every line, not only of the one that stands out. */
  bands: boolean;
  syncKey: string;
  onZoom: (range: { from: number; to: number } | null) => void;
  onPoint: (at: OverlayPoint | null) => void;
  className?: string;
}

const chrome =
  "[&_.u-cursor-x]:!border-solid [&_.u-cursor-x]:!border-faint [&_.u-select]:!bg-accent/15";

function aligned(
  x: readonly number[],
  lines: readonly OverlayDrawing[],
  logarithmic: boolean,
): uPlot.AlignedData {
  // A logarithmic axis has no place for zero and below.
  const drawn = lines.map(({ line }) =>
    line.map((value) => (logarithmic && typeof value === "number" && value <= 0 ? null : value)),
  );
  return [[...x], ...drawn];
}

/** Many lines on one canvas. It fills its box and draws what was prepared. */
export function OverlayPanel(props: OverlayPanelProps) {
  const { x, lines, range, logarithmic, highlighted, bands, syncKey, onZoom, onPoint } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const banded = (id: string) => bands || id === highlighted;
  const state = useRef<OverlayState>({ lines, banded, onZoom, onPoint });
  const first = useRef({ x, range, highlighted });
  const { resolvedTheme } = useTheme();
  const looks = lines.map(({ id, colour, dash }) => `${id}/${colour}/${dash.length}`).join();

  // The drawing hooks run outside React and read what is current.
  useLayoutEffect(() => {
    state.current = { lines, banded, onZoom, onPoint };
    first.current = { x, range, highlighted };
  });

  // Canvas chart: made anew for other lines, another theme or scale; new data goes in below.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(
      overlayOptions({ element, logarithmic, syncKey, state: () => state.current }),
      aligned(first.current.x, state.current.lines, logarithmic),
      element,
    );
    const { from, to } = first.current.range;
    made.setScale("x", { min: from, max: to });
    chart.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [looks, logarithmic, syncKey, resolvedTheme]);

  // Canvas chart: data and range, at most once a frame.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      chart.current?.batch(() => {
        chart.current?.setData(aligned(x, lines, logarithmic), false);
        chart.current?.setScale("x", { min: range.from, max: range.to });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [x, lines, logarithmic, range.from, range.to]);

  // Canvas chart: which line stands out.
  useEffect(() => {
    const place = lines.findIndex(({ id }) => id === highlighted);
    chart.current?.setSeries(place < 0 ? null : place + 1, { focus: true });
    chart.current?.redraw(false, true);
  }, [highlighted, lines]);

  return <div ref={box} className={cn(chrome, props.className)} />;
}
