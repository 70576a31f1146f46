import type { Job } from "@signalbox/protocol/job/job";
import { useMemo } from "react";
import { groupRuns } from "../group-runs";
import type { ComparedRun } from "../use-compared-runs";
import { groupStyle } from "./compare-legend";
import type { DrawnLine } from "./compare-panel";

/**
 * The runs that the panels show, and their lines: one for each run, or for each value of a field.
 * Both stay the same objects while the runs merely move on.
 */
export function useDrawnLines(
  runs: readonly ComparedRun[],
  hidden: ReadonlySet<string>,
  groupBy: string | null,
) {
  const jobs = runs.map(({ job }) => job);
  const key = JSON.stringify([jobs.map(drawnParts), groupBy && groupRuns(jobs, groupBy)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is drawn.
  return useMemo(() => {
    const shown = runs.filter(({ job }) => !hidden.has(job.id));
    const lineRuns = shown.map(({ job }) => ({
      id: job.id,
      generation: job.generation,
      startedAt: Date.parse(job.started_at ?? job.created_at),
    }));
    if (!groupBy) {
      const lines = shown.map(({ job, lineStyle }): DrawnLine => {
        return { id: job.id, label: job.name, lineStyle };
      });
      return { runs: lineRuns, lines, groups: null };
    }
    // A value keeps its colour while its runs are hidden.
    const groups = groupRuns(jobs, groupBy).flatMap((group, index) => {
      const ids = group.ids.filter((id) => !hidden.has(id));
      return ids.length > 0 ? { ...group, ids, lineStyle: groupStyle(index) } : [];
    });
    const lines = groups.map(({ key: id, label, lineStyle }): DrawnLine => {
      return { id, label, lineStyle };
    });
    return { runs: lineRuns, lines, groups };
  }, [key, hidden]);
}

function drawnParts({ id, generation, name, started_at }: Job) {
  return [id, generation, name, started_at];
}
