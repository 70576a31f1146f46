import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsJson,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo, useRef } from "react";
import {
  type CustomPanel,
  customKey,
  customPanelsSchema,
  putPanel,
} from "@/lib/charts/panels/custom-panels";
import { panelGroupings } from "@/lib/charts/panels/group-panels";
import {
  type ChartZoom,
  changeOverrides,
  type PanelOverrides,
  type PanelSettings,
  panelOverridesSchema,
} from "@/lib/charts/panels/panel-settings";
import {
  axisParser,
  chartParsers,
  settingParams,
  settingsOf,
  zoomOf,
  zoomParams,
} from "@/lib/hooks/charts/chart-params";

const names = parseAsArrayOf(parseAsString).withDefault([]);

const parsers = {
  ...chartParsers,
  x: axisParser,
  by: parseAsStringLiteral(panelGroupings).withDefault("prefix"),
  closed: names,
  pin: names,
  places: names,
  wide: parseAsString,
  full: parseAsString,
  alone: parseAsBoolean.withDefault(false),
  own: parseAsJson(panelOverridesSchema).withDefault({}),
  custom: parseAsJson(customPanelsSchema).withDefault([]),
};

type Params = ReturnType<typeof useParams>[0];
const useParams = () => useQueryStates(parsers, { history: "replace" });

const toggled = (list: readonly string[], name: string) =>
  list.includes(name) ? list.filter((other) => other !== name) : [...list, name];

export type ChartView = ReturnType<typeof useChartParams>;

/** The view of the charts, kept in the URL so that it can be shared. */
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
      /** Null if all steps are shown or each panel zooms by itself. */
      zoom,
      setZoom: (next: ChartZoom | null) => {
        if (next) before.current.push(zoom);
        else before.current = [];
        void set(zoomParams(next));
      },
      /** Back to the view before the last zoom. */
      zoomBack: () => void set(zoomParams(before.current.pop() ?? null)),
      shared: !params.alone,
      setShared: (on: boolean) => void set({ alone: !on, ...zoomParams(null) }),
      settings: settingsOf(params.x, params),
      setSettings: (change: Partial<PanelSettings>) =>
        void set({ x: change.axis, ...settingParams(change) }),
      own: params.own,
      changeOwn,
      resetOwn: (name: string) =>
        void set(({ own }) => ({
          own: Object.fromEntries(Object.entries(own).filter(([other]) => other !== name)),
        })),
      clearOwn: () => void set({ own: {} }),
      custom: params.custom,
      putCustom: (panel: CustomPanel) =>
        void set(({ custom }) => ({ custom: putPanel(custom, panel) })),
      removeCustom: (id: string) =>
        void set(({ custom, pin, own }) => ({
          custom: custom.filter((each) => each.id !== id),
          pin: pin.filter((key) => key !== customKey(id)),
          own: Object.fromEntries(Object.entries(own).filter(([key]) => key !== customKey(id))),
        })),
    };
  }, [params, set, zoom]);
}
