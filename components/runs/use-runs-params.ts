"use client";

import {
  debounce,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import type { JobsQuery } from "@/lib/api/jobs";
import { jobKinds, jobSorts, jobStatuses } from "@/lib/contracts/job";
import { columnIds, type SortKey } from "./column-ids";

const sorts: SortKey[] = jobSorts.flatMap((sort): SortKey[] => [sort, `-${sort}`]);
const defaultSort: SortKey = "-created";

const parsers = {
  q: parseAsString.withDefault(""),
  state: parseAsArrayOf(parseAsStringLiteral(jobStatuses)).withDefault([]),
  kind: parseAsArrayOf(parseAsStringLiteral(jobKinds)).withDefault([]),
  tag: parseAsArrayOf(parseAsString).withDefault([]),
  sort: parseAsStringLiteral(sorts).withDefault(defaultSort),
  archived: parseAsBoolean.withDefault(false),
  /** Columns shown, in place of the default ones. */
  cols: parseAsArrayOf(parseAsStringLiteral(columnIds)),
};

/** The state of the runs page, all of it in the URL, so that a view can be shared. */
export function useRunsParams() {
  const [params, setParams] = useQueryStates(parsers);
  const { q, state, kind, tag, sort, archived } = params;

  const query = useMemo<JobsQuery>(
    () => ({
      ...(state.length > 0 ? { status: state } : {}),
      ...(kind.length > 0 ? { kind } : {}),
      ...(tag.length > 0 ? { tag } : {}),
      ...(q.trim() ? { q: q.trim() } : {}),
      sort,
      archived: archived ? "true" : "false",
    }),
    [state, kind, tag, q, sort, archived],
  );

  const filtered = q.trim() !== "" || state.length + kind.length + tag.length > 0;
  return {
    params,
    query,
    filtered,
    setParams,
    setSearch: (text: string) =>
      setParams({ q: text || null }, { limitUrlUpdates: debounce(text ? 250 : 0) }),
    clearFilters: () => setParams({ q: null, state: null, kind: null, tag: null }),
  };
}
