import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsJson,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo, useRef } from "react";
import {
  type ChartZoom,
  changeOverrides,
  formatShown,
  maxAmount,
  type PanelOverrides,
  type PanelSettings,
  panelOverridesSchema,
  parseShown,
} from "@/lib/charts/chart-settings";
import { panelGroupings } from "@/lib/charts/panels";
import { smoothingKinds } from "@/lib/charts/smooth";
import { xAxes } from "@/lib/charts/x-axis";

const names = parseAsArrayOf(parseAsString).withDefault([]);

const parsers = {
  panels: parseAsString.withDefault(""),
  by: parseAsStringLiteral(panelGroupings).withDefault("prefix"),
  closed: names,
  pin: names,
  places: names,
  wide: parseAsString,
  full: parseAsString,
  from: parseAsInteger,
  to: parseAsInteger,
  shown: parseAsString,
  alone: parseAsBoolean.withDefault(false),
  x: parseAsStringLiteral(xAxes).withDefault("step"),
  logx: parseAsBoolean.withDefault(false),
  log: parseAsBoolean.withDefault(false),
  smoothing: parseAsStringLiteral(smoothingKinds).withDefault("exponential"),
  smooth: parseAsFloat.withDefault(0),
  outliers: parseAsFloat.withDefault(0),
  own: parseAsJson(panelOverridesSchema).withDefault({}),
};

type Params = ReturnType<typeof useParams>[0];
const useParams = () => useQueryStates(parsers, { history: "replace" });

function settingsOf(params: Params): PanelSettings {
  return {
    axis: params.x,
    logX: params.logx,
    logY: params.log,
    smoothing: params.smoothing,
    amount: Math.min(maxAmount, Math.max(0, params.smooth)),
    outliers: Math.min(0.25, Math.max(0, params.outliers)),
  };
}

function zoomOf({ from, to, shown }: Pick<Params, "from" | "to" | "shown">): ChartZoom | null {
  if (from === null || to === null || from < 0 || to <= from) return null;
  return { from, to, shown: shown === null ? undefined : parseShown(shown) };
}

function zoomParams(zoom: ChartZoom | null) {
  return {
    from: zoom?.from ?? null,
    to: zoom?.to ?? null,
    shown: zoom?.shown ? formatShown(zoom.shown) : null,
  };
}

const toggled = (list: readonly string[], name: string) =>
  list.includes(name) ? list.filter((other) => other !== name) : [...list, name];

export type ChartView = ReturnType<typeof useChartParams>;

/** What the charts show is in the address, so that a view can be shared. */
export function useChartParams() {
  const [params, set] = useParams();
  const { from, to, shown } = params;
  const zoom = useMemo(() => zoomOf({ from, to, shown }), [from, to, shown]);
  const before = useRef<(ChartZoom | null)[]>([]);
  return useMemo(() => {
    const changeOwn = (
      name: string,
      change: { [K in keyof PanelOverrides]: PanelOverrides[K] | undefined },
    ) => void set(({ own }) => ({ own: changeOverrides(own, name, change) }));
    return {
      query: params.panels,
      setQuery: (panels: string) => void set({ panels }),
      grouping: params.by,
      setGrouping: (by: Params["by"]) => void set({ by }),
      closed: params.closed,
      toggleGroup: (prefix: string) =>
        void set(({ closed }) => ({ closed: toggled(closed, prefix) })),
      pinned: params.pin,
      togglePin: (name: string) => void set(({ pin }) => ({ pin: toggled(pin, name) })),
      setPinned: (pin: string[]) => void set({ pin }),
      order: params.places,
      setOrder: (places: string[]) => void set({ places }),
      wide: params.wide,
      setWide: (wide: string | null) => void set({ wide }),
      full: params.full,
      setFull: (full: string | null) => void set({ full }),
      /** Null where all steps are shown, or each panel has its own. */
      zoom,
      setZoom: (next: ChartZoom | null) => {
        if (next) before.current.push(zoom);
        else before.current = [];
        void set(zoomParams(next));
      },
      /** Back to what was shown before the last zoom. */
      zoomBack: () => void set(zoomParams(before.current.pop() ?? null)),
      shared: !params.alone,
      setShared: (on: boolean) => void set({ alone: !on, ...zoomParams(null) }),
      settings: settingsOf(params),
      setSettings: (change: Partial<PanelSettings>) =>
        void set({
          x: change.axis,
          logx: change.logX,
          log: change.logY,
          smoothing: change.smoothing,
          smooth: change.amount,
          outliers: change.outliers,
        }),
      own: params.own,
      changeOwn,
      resetOwn: (name: string) =>
        void set(({ own }) => ({
          own: Object.fromEntries(Object.entries(own).filter(([other]) => other !== name)),
        })),
      clearOwn: () => void set({ own: {} }),
    };
  }, [params, set, zoom]);
}
