import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import { maxRunsCompared } from "@/lib/contracts/compare";

export const compareTabs = ["charts", "differences", "values", "scatter", "parallel"] as const;
export type CompareTab = (typeof compareTabs)[number];

const parsers = {
  runs: parseAsArrayOf(parseAsString).withDefault([]),
  tab: parseAsStringLiteral(compareTabs).withDefault("charts"),
  /** A field whose values make groups, such as `config.batch_size`. */
  group: parseAsString,
  hidden: parseAsArrayOf(parseAsString).withDefault([]),
  panels: parseAsString.withDefault(""),
  smooth: parseAsFloat.withDefault(0),
  log: parseAsBoolean.withDefault(false),
  from: parseAsInteger,
  to: parseAsInteger,
  /** The run against which others are measured. */
  base: parseAsString,
  all: parseAsBoolean.withDefault(false),
  q: parseAsString.withDefault(""),
  x: parseAsString,
  y: parseAsString,
  axes: parseAsArrayOf(parseAsString),
};

/** What the compare page shows is in the address, so that a view can be shared. */
export function useCompareParams() {
  const [params, set] = useQueryStates(parsers, { history: "replace" });
  const { runs, from, to } = params;
  const ids = useMemo(() => [...new Set(runs)].slice(0, maxRunsCompared), [runs]);
  const zoom = useMemo(
    () => (from !== null && to !== null && from >= 0 && to > from ? { from, to } : null),
    [from, to],
  );
  return { params, set, ids, zoom };
}

export type CompareParams = ReturnType<typeof useCompareParams>;
