import type { Job } from "@signalbox/protocol/job";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { fresher } from "@/components/runs/data/merge-runs";
import { compareKeys, getRunsTail } from "@/lib/api/compare";
import { listJobs } from "@/lib/api/jobs";
import { defaultLineStyle, type LineStyle } from "@/lib/charts/style/line-style";
import { runStyles } from "@/lib/compare/run-styles";
import { TailStore } from "@/lib/compare/tail-store";
import { useJobsStream } from "@/lib/hooks/use-jobs-stream";

export interface ComparedRun {
  job: Job;
  lineStyle: LineStyle;
}

/** The runs of these ids, live, in this order; `missing` has the ids that do not exist. */
export function useComparedRuns(ids: readonly string[]) {
  const query = useQuery({
    queryKey: compareKeys.runs(ids),
    queryFn: ({ signal }) => listJobs({ ids, limit: 100, archived: "all" }, signal),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
  const { jobs: live, removed, connection } = useJobsStream();
  const fetched = query.data?.jobs;
  const runs = useMemo(() => {
    const lineStyles = runStyles(ids);
    const byId = new Map(fetched?.map((job) => [job.id, job]));
    return ids.flatMap((id): ComparedRun[] => {
      const known = byId.get(id);
      const update = live.get(id);
      if (removed.has(id)) return [];
      const job = known && update ? fresher(known, update) : (known ?? update);
      return job ? [{ job, lineStyle: lineStyles.get(id) ?? defaultLineStyle }] : [];
    });
  }, [ids, fetched, live, removed]);
  const missing =
    query.isSuccess && !query.isPlaceholderData
      ? ids.filter((id) => !runs.some(({ job }) => job.id === id))
      : [];
  return { runs, missing, query, connection };
}

/** The live part of the runs' series, for as long as the page is open. */
export function useRunsTail(runs: readonly ComparedRun[]): TailStore {
  const [store] = useState(
    () =>
      new TailStore({
        read: (after) => getRunsTail(after),
        setTimeout: (run, ms) => window.setTimeout(run, ms),
        clearTimeout: (timer) => window.clearTimeout(Number(timer ?? 0)),
      }),
  );
  // The tail: the jobs stream says which runs moved.
  useEffect(() => {
    for (const { job } of runs) store.note(job.id, job.last_seq);
  }, [runs, store]);
  // The tail's own timer, while somebody looks.
  useEffect(() => {
    store.open();
    return () => store.close();
  }, [store]);
  return store;
}
