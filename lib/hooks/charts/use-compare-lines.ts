import { useMemo, useState } from "react";
import { compareKeys, getRunsSeries, type RunsSeriesQuery } from "@/lib/api/compare";
import { createExtents } from "@/lib/charts/axes/extents";
import { axisSource } from "@/lib/charts/axes/x-axis";
import type { LineGroup } from "@/lib/charts/kinds/line/group-lines";
import type { Histories, LineSource, LineView } from "@/lib/charts/panels/line-source";
import type { ChartZoom, PanelSettings } from "@/lib/charts/panels/panel-settings";
import { createRenderBudget } from "@/lib/charts/panels/render-budget";
import { coverRuns, type RunParts, type RunRef, refKey } from "@/lib/compare/run-parts";
import type { RunsStore } from "@/lib/stream/store/runs-store";

/** A run whose series are drawn; the same object while the run merely moves on. */
export interface RunLine extends RunRef {
  /** Milliseconds since 1970. */
  startedAt: number;
}

interface CompareLinesOptions {
  /** The runs that are shown. */
  runs: readonly RunLine[];
  groups: readonly LineGroup[] | null;
  zoom: ChartZoom | null;
  settings: PanelSettings;
  stream: RunsStore;
}

/** One series of several runs as lines. */
export interface CompareLines {
  /** The source of the panel of a series; the runs' ids are the line ids. */
  sourceOf: (name: string) => LineSource;
}

/** One series of some runs; a run without such a series (yet) has an empty history. */
async function readHistories(
  query: RunsSeriesQuery,
  name: string,
  signal: AbortSignal,
): Promise<Histories> {
  const { runs } = await getRunsSeries({ ...query, names: [name] }, signal);
  return new Map(
    runs.map((run) => {
      const buckets = run.series.find((each) => each.name === name)?.buckets ?? [];
      return [run.job_id, { buckets, lastSeq: run.last_seq }];
    }),
  );
}

/** The lines of the compare page's panels, which share their axes and their requests. */
export function useCompareLines(options: CompareLinesOptions): CompareLines {
  const { runs, groups, zoom, settings, stream } = options;
  const [budget] = useState(() => createRenderBudget());
  // Other runs have other extents: those of hidden or removed runs are forgotten.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the extents belong to these runs.
  const extents = useMemo(() => createExtents(), [runs]);
  const [held, setHeld] = useState<RunParts | null>(null);
  const view = `${zoom?.from} ${zoom?.to} ${axisSource(settings.axis)}`;
  const covered = coverRuns(held, view, runs);
  if (covered !== held) setHeld(covered);
  const { parts } = covered;
  return useMemo(() => {
    const lines = runs.map(({ id, startedAt }) => ({ id, run: id, startedAt }));
    const shown = new Set(runs.map(refKey));
    const byId = new Map(runs.map((run) => [run.id, run]));
    const tailOf = (name: string): LineSource["tail"] => ({
      get: (id) => {
        const run = byId.get(id);
        return run ? stream.tail(run, name) : null;
      },
      completeFrom: (id) => {
        const run = byId.get(id);
        return run ? stream.completeFrom(run, name) : null;
      },
      subscribe: stream.subscribe,
    });
    const requests = (name: string, { zoom, axis, large }: LineView) =>
      parts.map((part) => {
        const buckets = part.buckets * (large ? 2 : 1);
        const range = { from: zoom?.from, to: zoom?.to, x: axisSource(axis) };
        const query = { runs: part.runs.map(({ id }) => id), buckets, ...range };
        return {
          key: compareKeys.series({ ...query, runs: part.runs, name }),
          lines: part.runs.filter((run) => shown.has(refKey(run))).map(({ id }) => id),
          buckets,
          read: ({ signal }: { signal: AbortSignal }) => readHistories(query, name, signal),
        };
      });
    const sourceOf = (name: string): LineSource => ({
      lines,
      load: (view) => requests(name, view),
      tail: tailOf(name),
      groups,
      extents,
      budget,
    });
    return { sourceOf };
  }, [runs, parts, groups, stream, extents, budget]);
}
