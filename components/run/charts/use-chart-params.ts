import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import type { StepRange } from "@/lib/charts/merge-tail";

const parsers = {
  panels: parseAsString.withDefault(""),
  closed: parseAsArrayOf(parseAsString).withDefault([]),
  wide: parseAsString,
  from: parseAsInteger,
  to: parseAsInteger,
  log: parseAsBoolean.withDefault(false),
  smooth: parseAsFloat.withDefault(0),
};

/** What the charts show is in the address, so that a view can be shared. */
export function useChartParams() {
  const [params, set] = useQueryStates(parsers, { history: "replace" });
  const { from, to } = params;
  const zoom = useMemo<StepRange | null>(
    () => (from !== null && to !== null && from >= 0 && to > from ? { from, to } : null),
    [from, to],
  );
  return useMemo(
    () => ({
      query: params.panels,
      setQuery: (panels: string) => void set({ panels }),
      closed: params.closed,
      toggleGroup: (prefix: string) =>
        void set(({ closed }) => ({
          closed: closed.includes(prefix)
            ? closed.filter((other) => other !== prefix)
            : [...closed, prefix],
        })),
      wide: params.wide,
      setWide: (wide: string | null) => void set({ wide }),
      zoom,
      setZoom: (range: StepRange | null) =>
        void set({ from: range?.from ?? null, to: range?.to ?? null }),
      logarithmic: params.log,
      setLogarithmic: (log: boolean) => void set({ log }),
      smoothing: Math.min(0.99, Math.max(0, params.smooth)),
      setSmoothing: (smooth: number) => void set({ smooth }),
    }),
    [params, set, zoom],
  );
}
