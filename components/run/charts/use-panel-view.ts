import { useMemo } from "react";
import type { ChartZoom, PanelSettings } from "@/lib/charts/panels/panel-settings";
import type { ChartView } from "./use-chart-params";

/** Settings and zoom of one panel: the shared ones, overridden by its own. */
export function usePanelView(name: string, view: ChartView) {
  const own = view.own[name];
  const { settings: all } = view;
  const settings = useMemo<PanelSettings>(() => {
    const { zoom: _, ...set } = own ?? {};
    const merged = { ...all, ...set };
    // A log scale of wall-clock time makes no sense.
    return merged.axis === "wall" ? { ...merged, logX: false } : merged;
  }, [all, own]);
  if (view.shared) {
    return { settings, zoom: view.zoom, setZoom: view.setZoom, zoomBack: view.zoomBack };
  }
  return {
    settings,
    zoom: own?.zoom ?? null,
    setZoom: (zoom: ChartZoom) =>
      view.changeOwn(name, { zoom: { from: zoom.from, to: zoom.to, shown: zoom.shown } }),
    zoomBack: () => view.changeOwn(name, { zoom: undefined }),
  };
}
