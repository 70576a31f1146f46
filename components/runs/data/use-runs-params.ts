"use client";

import { jobKinds, jobStatuses } from "@signalbox/protocol/job/job";
import {
  isMeanField,
  isSortKey,
  parseWhere,
  type SortKey,
} from "@signalbox/protocol/job/run-field";
import {
  createLoader,
  createParser,
  debounce,
  type inferParserType,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo } from "react";
import type { JobsQuery } from "@/lib/api/jobs";
import { type ColumnId, defaultColumns, isColumn } from "../table/column-ids";

const defaultSort: SortKey = "-created";

const parseSort = createParser<SortKey>({
  parse: (text) => (isSortKey(text) ? text : null),
  serialize: String,
});
const parseColumn = createParser<ColumnId>({
  parse: (text) => (isColumn(text) ? text : null),
  serialize: String,
});
const parseCondition = createParser<string>({
  parse: (text) => (parseWhere(text) ? text : null),
  serialize: String,
});

const parsers = {
  q: parseAsString.withDefault(""),
  state: parseAsArrayOf(parseAsStringLiteral(jobStatuses)).withDefault([]),
  kind: parseAsArrayOf(parseAsStringLiteral(jobKinds)).withDefault([]),
  tag: parseAsArrayOf(parseAsString).withDefault([]),
  sort: parseSort.withDefault(defaultSort),
  archived: parseAsBoolean.withDefault(false),
  /** Columns shown, in place of the default ones. */
  cols: parseAsArrayOf(parseColumn),
  /** Conditions on config and latest values. */
  where: parseAsArrayOf(parseCondition).withDefault([]),
  /** A field whose values group the list. */
  group: parseAsString,
  /** Keys of the collapsed groups. */
  folded: parseAsArrayOf(parseAsString).withDefault([]),
  /** The run that others are compared with. */
  base: parseAsString,
};

type RunsUrlState = inferParserType<typeof parsers>;

function meansOf({ group, cols }: RunsUrlState): readonly string[] {
  return group ? (cols ?? defaultColumns).filter(isMeanField).slice(0, 20) : [];
}

function toQuery(params: RunsUrlState): JobsQuery {
  const { q, state, kind, tag, sort, archived, where, group, folded } = params;
  const means = meansOf(params);
  return {
    ...(state.length > 0 ? { status: state } : {}),
    ...(kind.length > 0 ? { kind } : {}),
    ...(tag.length > 0 ? { tag } : {}),
    ...(where.length > 0 ? { where } : {}),
    ...(group ? { group, collapsed: folded } : {}),
    ...(means.length > 0 ? { means: [...means] } : {}),
    ...(q.trim() ? { q: q.trim() } : {}),
    sort,
    archived: archived ? "true" : "false",
  };
}

const loadParams = createLoader(parsers);

/** The first query of the runs page, by its URL. */
export function jobsQueryOf(search: string): JobsQuery {
  return toQuery(loadParams(new URLSearchParams(search)));
}

export type RunsParams = ReturnType<typeof useRunsParams>;

/** The state of the runs page, kept in the URL. */
export function useRunsParams() {
  const [params, setParams] = useQueryStates(parsers);
  const { q, state, kind, tag, sort, archived, where, group, folded } = params;

  const means = meansOf(params).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: columns count only by their means.
  const query = useMemo(
    () => toQuery(params),
    [state, kind, tag, q, sort, archived, where, group, folded, means],
  );

  const filtered = q.trim() !== "" || state.length + kind.length + tag.length + where.length > 0;
  return {
    params,
    query,
    filtered,
    setParams,
    setSearch: (text: string) =>
      setParams({ q: text || null }, { limitUrlUpdates: debounce(text ? 250 : 0) }),
    setColumns: (next: readonly ColumnId[]) =>
      void setParams({ cols: next.join() === defaultColumns.join() ? null : [...next] }),
    toggleFold: (key: string) =>
      setParams(({ folded: closed }) => ({
        folded: closed.includes(key) ? closed.filter((each) => each !== key) : [...closed, key],
      })),
    clearFilters: () => setParams({ q: null, state: null, kind: null, tag: null, where: null }),
  };
}
