import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { predictionKeys } from "@/lib/api/predictions";
import type { TrainingStream } from "../use-training-stream";

/** Shortest time between two refetches. */
const everyMs = 1000;

/** Whether a cached page shows one of the epochs. */
function concerns(queryKey: readonly unknown[], epochs: ReadonlySet<number>): boolean {
  const query = queryKey.at(-1);
  if (typeof query !== "object" || query === null) return true;
  const epoch = "epoch" in query ? query.epoch : undefined;
  const from = "changed_from" in query ? query.changed_from : undefined;
  return [epoch, from].some((each) => typeof each === "number" && epochs.has(each));
}

/**
 * Keeps what is cached of a run's predictions in step with its stream: new predictions make trends,
 * map, histories and the pages of their epochs be read again, by push and never on a timer alone.
 */
export function usePredictionUpdates(
  stream: TrainingStream,
  jobId: string,
  liveFromSeq: number | null,
): void {
  const queryClient = useQueryClient();

  // The stream: what it tells of makes the cache stale.
  useEffect(() => {
    let seen = stream.getSnapshot().predictions.version;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let readyAt = 0;
    const refresh = () => {
      timer = null;
      const { version, epochs } = stream.getSnapshot().predictions;
      const since = seen;
      seen = version;
      readyAt = Date.now() + everyMs;
      // A reset starts counting anew: then anything may have changed.
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
        predicate: ({ queryKey }) => version < since || concerns(queryKey, changed),
      });
    };
    const unsubscribe = stream.subscribe(() => {
      const { version } = stream.getSnapshot().predictions;
      if (version === seen || timer !== null) return;
      timer = setTimeout(refresh, Math.max(0, readyAt - Date.now()));
    });
    return () => {
      unsubscribe();
      if (timer !== null) clearTimeout(timer);
      // Nobody listens from here on: what is kept may be old when the tab is opened again.
      void queryClient.invalidateQueries({
        queryKey: predictionKeys.all(jobId),
        refetchType: "none",
      });
    };
  }, [stream, jobId, queryClient]);

  // The stream begins at this point: what was read before may lack what came in between.
  const liveFrom = useRef(liveFromSeq);
  useEffect(() => {
    if (liveFrom.current === liveFromSeq) return;
    liveFrom.current = liveFromSeq;
    void queryClient.invalidateQueries({ queryKey: predictionKeys.all(jobId) });
  }, [liveFromSeq, jobId, queryClient]);
}
