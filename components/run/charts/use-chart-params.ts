import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsJson,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import {
  type CustomPanel,
  customKey,
  customPanelsSchema,
  putPanel,
} from "@/lib/charts/panels/custom-panels";
import { panelGroupings } from "@/lib/charts/panels/group-panels";
import {
  changeOverrides,
  type PanelOverrides,
  type PanelSettings,
  panelOverridesSchema,
} from "@/lib/charts/panels/panel-settings";
import {
  axisParser,
  chartParsers,
  panelSizeOf,
  settingParams,
  settingsOf,
  zoomParams,
} from "@/lib/hooks/charts/chart-params";
import { useZoom } from "@/lib/hooks/charts/use-zoom";

const names = parseAsArrayOf(parseAsString).withDefault([]);

const parsers = {
  ...chartParsers,
  x: axisParser,
  by: parseAsStringLiteral(panelGroupings).withDefault("prefix"),
  closed: names,
  pin: names,
  places: names,
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
  const zooming = useZoom(params, set);
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
      sizeOf: (id: string) => panelSizeOf(id, params, set),
      /** Zoom null: all steps are shown, or each panel zooms by itself. */
      ...zooming,
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
  }, [params, set, zooming]);
}
