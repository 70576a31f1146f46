import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { predictionKeys } from "@/lib/api/predictions";
import type { TrainingStream } from "../use-training-stream";

/** Shortest time between two refetches. */
const everyMs = 1000;

/** Whether a cached page shows one of the epochs. */
function showsEpoch(queryKey: readonly unknown[], epochs: ReadonlySet<number>): boolean {
  const query = queryKey.at(-1);
  if (typeof query !== "object" || query === null) return true;
  const epoch = "epoch" in query ? query.epoch : undefined;
  const from = "changed_from" in query ? query.changed_from : undefined;
  return [epoch, from].some((each) => typeof each === "number" && epochs.has(each));
}

/**
 * Invalidates the cached predictions of a run when its stream reports new ones: trends, map,
 * histories and the pages of the changed epochs.
 */
export function usePredictionUpdates(
  stream: TrainingStream,
  jobId: string,
  liveFromSeq: number | null,
): void {
  const queryClient = useQueryClient();

  // The stream: new predictions make the cache stale.
  useEffect(() => {
    let seen = stream.getSnapshot().predictions.version;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let readyAt = 0;
    const refresh = () => {
      timer = null;
      const { version, epochs } = stream.getSnapshot().predictions;
      const since = seen;
      seen = version;
      readyAt = performance.now() + everyMs;
      // A reset restarts the version, so anything may have changed.
      const changed = new Set(
        [...epochs].filter(([, at]) => version < since || at > since).map(([epoch]) => epoch),
      );
      for (const key of [
        predictionKeys.trends(jobId),
        predictionKeys.map(jobId),
        predictionKeys.histories(jobId),
      ]) {
        void queryClient.invalidateQueries({ queryKey: key });
      }
      void queryClient.invalidateQueries({
        queryKey: predictionKeys.pages(jobId),
        predicate: ({ queryKey }) => version < since || showsEpoch(queryKey, changed),
      });
    };
    const unsubscribe = stream.subscribe(() => {
      const { version } = stream.getSnapshot().predictions;
      if (version === seen || timer !== null) return;
      timer = setTimeout(refresh, Math.max(0, readyAt - performance.now()));
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
      // Without a subscription the cache may be old when the tab is opened again.
      void queryClient.invalidateQueries({
        queryKey: predictionKeys.all(jobId),
        refetchType: "none",
      });
    };
  }, [stream, jobId, queryClient]);

  // The stream was reopened: replies read before may lack rows in between.
  const liveFrom = useRef(liveFromSeq);
  useEffect(() => {
    if (liveFrom.current === liveFromSeq) return;
    liveFrom.current = liveFromSeq;
    void queryClient.invalidateQueries({ queryKey: predictionKeys.all(jobId) });
  }, [liveFromSeq, jobId, queryClient]);
}
