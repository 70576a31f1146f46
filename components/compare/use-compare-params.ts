import { maxRunsCompared } from "@signalbox/protocol/data/compare";
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
  panelSizeOf,
  settingParams,
  settingsOf,
  withoutLogTime,
} from "@/lib/hooks/charts/chart-params";
import { useZoom } from "@/lib/hooks/charts/use-zoom";

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
  const { runs, hidden: hiddenIds, wide, full } = params;
  const ids = useMemo(() => [...new Set(runs)].slice(0, maxRunsCompared), [runs]);
  const hidden = useMemo(() => new Set(hiddenIds), [hiddenIds]);
  const zooming = useZoom(params, set);
  const { axis, logx, log, smoothing, smooth, outliers } = params;
  const settings = useMemo(
    () => withoutLogTime(settingsOf(axis, { logx, log, smoothing, smooth, outliers })),
    [axis, logx, log, smoothing, smooth, outliers],
  );
  return useMemo(
    () => ({
      params,
      set,
      ids,
      chooseRuns: (next: readonly string[]) =>
        void set(({ hidden }) => ({
          runs: next.length > 0 ? [...next] : null,
          hidden: hidden.filter((id) => next.includes(id)),
        })),
      removeRuns: (removed: readonly string[]) =>
        void set(({ runs, hidden }) => {
          const left = runs.filter((id) => !removed.includes(id));
          return {
            runs: left.length > 0 ? left : null,
            hidden: hidden.filter((id) => !removed.includes(id)),
          };
        }),
      hidden,
      toggleHidden: (id: string) =>
        void set(({ hidden }) => ({
          hidden: hidden.includes(id) ? hidden.filter((each) => each !== id) : [...hidden, id],
        })),
      ...zooming,
      settings,
      setSettings: (change: Partial<PanelSettings>) =>
        void set({ axis: change.axis, ...settingParams(change) }),
      sizeOf: (id: string) => panelSizeOf(id, { wide, full }, set),
    }),
    [params, set, ids, hidden, zooming, settings, wide, full],
  );
}

export type CompareParams = ReturnType<typeof useCompareParams>;
