import { maxRunsCompared } from "@signalbox/protocol/compare";
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import type { PanelSettings } from "@/lib/charts/panels/panel-settings";
import {
  axisParser,
  chartParsers,
  settingParams,
  settingsOf,
  zoomOf,
} from "@/lib/hooks/charts/chart-params";

const compareTabs = ["charts", "differences", "values", "scatter", "parallel"] as const;
export type CompareTab = (typeof compareTabs)[number];

const parsers = {
  ...chartParsers,
  /** The x axis of the charts; `x` and `y` belong to the scatter plot. */
  axis: axisParser,
  runs: parseAsArrayOf(parseAsString).withDefault([]),
  tab: parseAsStringLiteral(compareTabs).withDefault("charts"),
  /** The field to group runs by, such as `config.batch_size`. */
  group: parseAsString,
  hidden: parseAsArrayOf(parseAsString).withDefault([]),
  /** The baseline run. */
  base: parseAsString,
  all: parseAsBoolean.withDefault(false),
  q: parseAsString.withDefault(""),
  x: parseAsString,
  y: parseAsString,
  axes: parseAsArrayOf(parseAsString),
};

/** The view of the compare page, kept in the URL so that it can be shared. */
export function useCompareParams() {
  const [params, set] = useQueryStates(parsers, { history: "replace" });
  const { runs, from, to, shown } = params;
  const ids = useMemo(() => [...new Set(runs)].slice(0, maxRunsCompared), [runs]);
  const zoom = useMemo(() => zoomOf({ from, to, shown }), [from, to, shown]);
  const { axis, logx, log, smoothing, smooth, outliers } = params;
  const settings = useMemo((): PanelSettings => {
    const all = settingsOf(axis, { logx, log, smoothing, smooth, outliers });
    // A log scale of wall-clock time makes no sense.
    return axis === "wall" ? { ...all, logX: false } : all;
  }, [axis, logx, log, smoothing, smooth, outliers]);
  const setSettings = (change: Partial<PanelSettings>) =>
    void set({ axis: change.axis, ...settingParams(change) });
  return { params, set, ids, zoom, settings, setSettings };
}

export type CompareParams = ReturnType<typeof useCompareParams>;
