import {
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs";
import { type XAxis, xAxes } from "@/lib/charts/axes/x-axis";
import {
  type ChartZoom,
  formatShown,
  maxAmount,
  type PanelSettings,
  parseShown,
} from "@/lib/charts/panels/panel-settings";
import { smoothingKinds } from "@/lib/charts/series/smooth";

export const axisParser = parseAsStringLiteral(xAxes).withDefault("step");

/** The chart settings in the URL of any page with charts; each page names its axis parameter. */
export const chartParsers = {
  panels: parseAsString.withDefault(""),
  from: parseAsInteger,
  to: parseAsInteger,
  shown: parseAsString,
  logx: parseAsBoolean.withDefault(false),
  log: parseAsBoolean.withDefault(false),
  smoothing: parseAsStringLiteral(smoothingKinds).withDefault("exponential"),
  smooth: parseAsFloat.withDefault(0),
  outliers: parseAsFloat.withDefault(0),
  /** The panel as wide as the page, and the one over the whole window. */
  wide: parseAsString,
  full: parseAsString,
};

export interface ZoomParams {
  from: number | null;
  to: number | null;
  shown: string | null;
}

interface SettingParams {
  logx: boolean;
  log: boolean;
  smoothing: PanelSettings["smoothing"];
  smooth: number;
  outliers: number;
}

/** The settings without a log scale of wall-clock time, which makes no sense. */
export function withoutLogTime(settings: PanelSettings): PanelSettings {
  return settings.axis === "wall" && settings.logX ? { ...settings, logX: false } : settings;
}

export function settingsOf(axis: XAxis, params: SettingParams): PanelSettings {
  return {
    axis,
    logX: params.logx,
    logY: params.log,
    smoothing: params.smoothing,
    amount: Math.min(maxAmount, Math.max(0, params.smooth)),
    outliers: Math.min(0.25, Math.max(0, params.outliers)),
  };
}

/** Whether a panel is the wide or full-screen one, with the ways to change that. */
export function panelSizeOf(
  id: string,
  params: { wide: string | null; full: string | null },
  set: (change: { wide?: string | null; full?: string | null }) => unknown,
) {
  return {
    wide: params.wide === id,
    setWide: (on: boolean) => void set({ wide: on ? id : null }),
    full: params.full === id,
    setFull: (on: boolean) => void set({ full: on ? id : null }),
  };
}

/** The URL parameters of changed settings, without the axis. */
export function settingParams(change: Partial<PanelSettings>) {
  return {
    logx: change.logX,
    log: change.logY,
    smoothing: change.smoothing,
    smooth: change.amount,
    outliers: change.outliers,
  };
}

export function zoomOf({ from, to, shown }: ZoomParams): ChartZoom | null {
  if (from === null || to === null || from < 0 || to <= from) return null;
  return { from, to, shown: shown === null ? undefined : parseShown(shown) };
}

export function zoomParams(zoom: ChartZoom | null): ZoomParams {
  return {
    from: zoom?.from ?? null,
    to: zoom?.to ?? null,
    shown: zoom?.shown ? formatShown(zoom.shown) : null,
  };
}
