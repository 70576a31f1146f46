import type { ChartZoom, PanelSettings } from "@/lib/charts/panels/panel-settings";

/** How one panel is shown, with the ways to change that. */
export interface PanelView {
  settings: PanelSettings;
  zoom: ChartZoom | null;
  setZoom: (zoom: ChartZoom) => void;
  /** Back to the view before the last zoom. */
  zoomBack: () => void;
  /** As wide as the page. */
  wide: boolean;
  setWide: (on: boolean) => void;
  /** Over the whole window. */
  full: boolean;
  setFull: (on: boolean) => void;
}
