import { ownValue } from "@signalbox/protocol/wire/json";
import { useMemo } from "react";
import type { PanelView } from "@/components/charts/panel/panel-view";
import { withoutLogTime } from "@/lib/hooks/charts/chart-params";
import type { ChartView } from "./use-chart-params";

/** How one panel is shown: the shared settings and zoom, overridden by its own. */
export function usePanelView(id: string, view: ChartView): PanelView {
  const own = ownValue(view.own, id);
  const { settings: all } = view;
  const settings = useMemo(() => {
    const { zoom: _, ...set } = own ?? {};
    return withoutLogTime({ ...all, ...set });
  }, [all, own]);
  if (view.shared) {
    const { zoom, setZoom, zoomBack } = view;
    return { settings, zoom, setZoom, zoomBack, ...view.sizeOf(id) };
  }
  return {
    settings,
    zoom: own?.zoom ?? null,
    setZoom: ({ from, to, shown }) => view.changeOwn(id, { zoom: { from, to, shown } }),
    zoomBack: () => view.changeOwn(id, { zoom: undefined }),
    ...view.sizeOf(id),
  };
}
