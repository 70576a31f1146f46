import { useMemo, useRef } from "react";
import type { ChartZoom } from "@/lib/charts/panels/panel-settings";
import { type ZoomParams, zoomOf, zoomParams } from "./chart-params";

/** The zoom in the URL, with the way back through the zooms before it. */
export function useZoom(params: ZoomParams, set: (params: ZoomParams) => unknown) {
  const { from, to, shown } = params;
  const zoom = useMemo(() => zoomOf({ from, to, shown }), [from, to, shown]);
  const before = useRef<(ChartZoom | null)[]>([]);
  return useMemo(
    () => ({
      zoom,
      setZoom: (next: ChartZoom | null) => {
        if (next) before.current.push(zoom);
        else before.current = [];
        void set(zoomParams(next));
      },
      /** Back to the view before the last zoom. */
      zoomBack: () => void set(zoomParams(before.current.pop() ?? null)),
    }),
    [zoom, set],
  );
}
