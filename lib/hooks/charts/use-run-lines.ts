import { useEffect, useMemo } from "react";
import { getSeries } from "@/lib/api/metrics";
import { queryKeys } from "@/lib/api/query-keys";
import { createSeriesBatch, type SeriesRequest } from "@/lib/api/series-batch";
import { createExtents, type Extents } from "@/lib/charts/axes/extents";
import { axisSource } from "@/lib/charts/axes/x-axis";
import type { LineSource } from "@/lib/charts/panels/line-source";
import { createRenderBudget } from "@/lib/charts/panels/render-budget";
import type { TrainingFrame } from "@/lib/stream/store/frames";
import type { TrainingStream } from "../use-training-stream";

interface RunLinesOptions {
  jobId: string;
  /** The job's stream begins anew with another generation. */
  generation: string;
  stream: TrainingStream;
  /** The seq from which on the stream is complete. */
  liveFromSeq: number | null;
  /** When the run started, ms since 1970: where relative time begins. */
  startedAt: number;
}

/** The series of one run as lines. */
export interface RunLines {
  jobId: string;
  extents: Extents;
  /** The source of a panel with these series; their names are the line ids. */
  sourceOf: (names: readonly string[]) => LineSource;
}

/** The step and epoch that a frame reports for the same moment. */
function progressOf(frame: TrainingFrame) {
  if (frame.event === "progress") return frame.data;
  return frame.event === "snapshot" || frame.event === "job" ? frame.data.job : null;
}

/** The lines of a run's panels, which share their axes and gather their requests. */
export function useRunLines(options: RunLinesOptions): RunLines {
  const { jobId, generation, stream, liveFromSeq, startedAt } = options;
  const load = useMemo(
    () => createSeriesBatch({ load: (query) => getSeries(jobId, query) }),
    [jobId],
  );
  const shared = useMemo(
    () => ({ generation, extents: createExtents(), budget: createRenderBudget() }),
    [generation],
  );
  // The live stream: metrics come without epochs, so the run's progress places them.
  useEffect(
    () =>
      stream.onFrame((frame) => {
        const at = progressOf(frame);
        if (at?.current_step == null || at.current_epoch === null) return;
        shared.extents.noteEpoch(jobId, at.current_step, at.current_epoch);
      }),
    [stream, shared, jobId],
  );
  return useMemo(() => {
    const { extents, budget } = shared;
    const series = (name: string) => stream.getSnapshot().series.get(name);
    const tail: LineSource["tail"] = {
      get: (name) => series(name) ?? null,
      completeFrom: (name) => {
        const own = series(name);
        const kept = own && own.droppedBefore !== null ? (own.seqs[0] ?? 0) : 0;
        return liveFromSeq === null ? null : Math.max(liveFromSeq, kept);
      },
      subscribe: stream.subscribe,
    };
    const requestOf = (request: SeriesRequest) => ({
      key: queryKeys.jobs.metrics(jobId, { ...request, generation: shared.generation }),
      lines: [request.name],
      buckets: request.buckets,
      read: async () => {
        const { series: loaded, lastSeq } = await load(request);
        return new Map([[request.name, { buckets: loaded?.buckets ?? [], lastSeq }]]);
      },
    });
    const sourceOf = (names: readonly string[]): LineSource => ({
      lines: names.map((name) => ({ id: name, run: jobId, startedAt })),
      load: ({ zoom, axis, large }) => {
        const range = { from: zoom?.from, to: zoom?.to, x: axisSource(axis) };
        return names.map((name) => requestOf({ name, buckets: large ? 1500 : 600, ...range }));
      },
      tail,
      groups: null,
      extents,
      budget,
    });
    return { jobId, extents, sourceOf };
  }, [jobId, stream, liveFromSeq, startedAt, load, shared]);
}
