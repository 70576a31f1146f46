"use client";

import type { RunGroup } from "@signalbox/protocol/job/job";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { JobsQuery } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";
import { type IndexRange, useJobsPages } from "@/lib/hooks/runs/use-jobs-pages";
import { useJobsStream } from "@/lib/hooks/use-jobs-stream";
import { mergePages } from "./merge-pages";
import { matchesQuery } from "./merge-runs";

const regroupMs = 3_000;
const firstCheckMs = 2_000;

export type LiveRuns = ReturnType<typeof useLiveRuns>;

/** The runs that match `query`: the pages in view, merged with the live stream. */
export function useLiveRuns(query: JobsQuery) {
  const [visible, setVisible] = useState<IndexRange>({ from: 0, to: 0 });
  const { first, pages } = useJobsPages(query, visible);
  const { jobs: live, removed, connection } = useJobsStream();
  const queryClient = useQueryClient();
  const { isSuccess } = first;

  const held = [...pages.values()];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the pages' own identity is what counts.
  const merged = useMemo(
    () => mergePages({ pages, live: isSuccess ? live : new Map(), removed, query }),
    [...keysOf(held), live, removed, query, isSuccess],
  );

  // The query cache: an opened stream may have missed runs beyond its first page. The first time
  // the page has just been read, so the check can wait.
  const { state } = connection;
  const opened = useRef(false);
  useEffect(() => {
    if (state !== "live") return;
    const wait = opened.current ? 0 : firstCheckMs;
    opened.current = true;
    const timer = window.setTimeout(
      () => void queryClient.invalidateQueries({ queryKey: [...queryKeys.jobs.all, "pages"] }),
      wait,
    );
    return () => window.clearTimeout(timer);
  }, [state, queryClient]);

  // The query cache: only the server knows the position of a new run in a grouped list.
  const groups: readonly RunGroup[] | null = first.data?.groups ?? null;
  const unplaced =
    groups !== null &&
    [...live.values()].some((job) => !merged.known.has(job.id) && matchesQuery(job, query));
  useEffect(() => {
    if (!unplaced) return;
    const timer = window.setTimeout(
      () => void queryClient.invalidateQueries({ queryKey: [...queryKeys.jobs.all, "pages"] }),
      regroupMs,
    );
    return () => window.clearTimeout(timer);
  }, [unplaced, queryClient]);

  return { ...merged, groups, list: first, connection, setVisible };
}

/** A memo key: the identities of the pages. */
function keysOf(held: readonly object[]): [string] {
  return [held.map(identity).join()];
}

const numbers = new WeakMap<object, number>();
let next = 0;
function identity(page: object): number {
  const known = numbers.get(page);
  if (known !== undefined) return known;
  next += 1;
  numbers.set(page, next);
  return next;
}
