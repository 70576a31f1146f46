"use client";

import { useTheme } from "next-themes";
import { useEffect, useLayoutEffect, useRef } from "react";
import "uplot/dist/uPlot.min.css";
import { cn } from "@/components/ui/cn";
import type { PictureStore } from "@/lib/charts/kinds/panel-kind";
import type { PanelPicture } from "@/lib/charts/kinds/panel-kinds";
import type { CrosshairStore } from "./crosshair-store";
import type { Highlight } from "./highlight";
import { createLivePlot, type PlotProps } from "./live-plot";

export interface UplotPanelProps extends PlotProps {
  store: PictureStore<PanelPicture>;
  bytes?: boolean;
  highlight: Highlight;
  syncKey: string;
  crosshairStore: CrosshairStore;
  className?: string;
}

/** uPlot's own crosshair and selection, in the page's colours. */
const chrome =
  "[&_.u-cursor-x]:!border-solid [&_.u-cursor-x]:!border-faint [&_.u-select]:!bg-accent/15";

/** The canvas of a panel. It fills its box. */
export function UplotPanel(props: UplotPanelProps) {
  const { store, settings, bytes = false, highlight, syncKey, crosshairStore } = props;
  const { axis, logX, logY } = settings;
  const box = useRef<HTMLDivElement>(null);
  const redraw = useRef<(() => void) | null>(null);
  const latest = useRef<PlotProps>(props);
  const { resolvedTheme } = useTheme();

  // The drawing runs outside React and reads what is current.
  useLayoutEffect(() => {
    latest.current = props;
  });

  // Canvas chart: created again for another theme or scale; new data reaches it through the store.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read from the page.
  useEffect(() => {
    if (!box.current) return;
    const plot = createLivePlot(box.current, {
      store,
      highlight,
      syncKey,
      crosshairStore,
      bytes,
      latest: () => latest.current,
    });
    redraw.current = plot.request;
    return () => {
      plot.destroy();
      redraw.current = null;
    };
  }, [store, axis, logX, logY, bytes, highlight, syncKey, crosshairStore, resolvedTheme]);

  // Canvas chart: redrawn when props change that the store does not have.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawing reads them itself.
  useEffect(() => redraw.current?.(), [props.markers, settings, props.lineStyles]);

  // React's event, because its order of leave and enter differs from the browser's.
  return (
    <div
      ref={box}
      onPointerLeave={() => highlight.set(null)}
      className={cn(chrome, props.className)}
    />
  );
}
