import type { Prediction, SampleHistoryReply } from "@signalbox/protocol/data/prediction";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getPredictions, getSampleHistory, predictionKeys } from "@/lib/api/predictions";
import { findSame, searchText } from "@/lib/predictions/text/match-sample";

/** One sample's answers, epoch by epoch. */
export function useSampleHistory(jobId: string, sample: number | null) {
  return useQuery({
    queryKey: predictionKeys.history(jobId, sample ?? -1),
    queryFn: ({ signal }) => getSampleHistory(jobId, sample ?? -1, signal),
    enabled: sample !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
}

/**
 * The same sample's answers in another run: by `prompt_id`, else by the same prompt. Null where that
 * run does not have it.
 */
export function useSameSample(otherId: string | null, sample: Prediction | undefined) {
  return useQuery({
    queryKey: predictionKeys.match(otherId ?? "", {
      id: sample?.prompt_id,
      prompt: sample?.prompt,
    }),
    queryFn: ({ signal }) => findInRun(otherId ?? "", sample, signal),
    enabled: otherId !== null && sample !== undefined,
    staleTime: 30_000,
    retry: false,
  });
}

async function findInRun(
  jobId: string,
  sample: Prediction | undefined,
  signal: AbortSignal,
): Promise<SampleHistoryReply | null> {
  if (!sample) return null;
  // Runs on the same data usually number their samples alike.
  const guess = await getSampleHistory(jobId, sample.sample_id, signal).catch(() => null);
  if (guess && findSame(sample, guess.predictions.slice(0, 1))) return guess;
  const epoch = guess?.predictions.at(-1)?.epoch;
  const q = searchText(sample);
  if (q === null) return null;
  const page = await getPredictions(
    jobId,
    { ...(epoch === undefined ? {} : { epoch }), q, limit: 200 },
    signal,
  );
  const found = findSame(sample, page.predictions);
  return found ? getSampleHistory(jobId, found.sample_id, signal) : null;
}
