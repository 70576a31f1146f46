import type { Job } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { newerJob } from "@/components/runs/data/merge-runs";
import { compareKeys } from "@/lib/api/compare";
import { listJobs } from "@/lib/api/jobs";
import { defaultLineStyle, type LineStyle } from "@/lib/charts/style/line-style";
import { runStyles } from "@/lib/compare/run-styles";
import { useJobsStream } from "@/lib/hooks/use-jobs-stream";
import { createRunsStore, type RunsStore } from "@/lib/stream/store/runs-store";

export interface ComparedRun {
  job: Job;
  lineStyle: LineStyle;
}

/** The page follows steps and states of its runs about so often. */
const listEveryMs = 1_000;

const compared = new WeakMap<Job, ComparedRun>();

/** The same object for the same state of a run, so that only what has changed renders. */
function comparedRun(job: Job, lineStyle: LineStyle): ComparedRun {
  const known = compared.get(job);
  if (known?.lineStyle === lineStyle) return known;
  const run = { job, lineStyle };
  compared.set(job, run);
  return run;
}

/** The runs of these ids, live, in this order; `missing` has the ids that do not exist. */
export function useComparedRuns(ids: readonly string[]) {
  const query = useQuery({
    queryKey: compareKeys.runs(ids),
    queryFn: ({ signal }) => listJobs({ ids, limit: 100, archived: "all" }, signal),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
  const { jobs: live, removed, connection } = useJobsStream(listEveryMs);
  const fetched = query.data?.jobs;
  const lineStyles = useMemo(() => runStyles(ids), [ids]);
  const runs = useMemo(() => {
    const byId = new Map(fetched?.map((job) => [job.id, job]));
    return ids.flatMap((id): ComparedRun[] => {
      const known = byId.get(id);
      const update = live.get(id);
      if (removed.has(id)) return [];
      const job = known && update ? newerJob(known, update) : (known ?? update);
      return job ? [comparedRun(job, lineStyles.get(id) ?? defaultLineStyle)] : [];
    });
  }, [ids, lineStyles, fetched, live, removed]);
  const missing =
    query.isSuccess && !query.isPlaceholderData
      ? ids.filter((id) => !runs.some(({ job }) => job.id === id))
      : [];
  return { runs, missing, query, connection };
}

/** The stream that carries the live points of these runs, for as long as a panel shows any. */
export function useRunsStream(runs: readonly ComparedRun[]): RunsStore {
  const [store] = useState(() => createRunsStore());
  // The stream of several runs: which runs it carries.
  useEffect(() => {
    store.follow(
      runs.map(({ job: { id, generation, last_seq, status } }) => {
        return { id, generation, lastSeq: last_seq, active: !isTerminal(status) };
      }),
    );
  }, [runs, store]);
  return store;
}
