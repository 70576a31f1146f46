import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { getPredictionMap, getSamples, predictionKeys } from "@/lib/api/predictions";
import {
  decodeMap,
  type Learning,
  type LearningMap,
  measureLearning,
} from "@/lib/predictions/learning-map";

const fresh = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const;

export interface MapData {
  map: LearningMap;
  learning: Learning;
}

/** The learning map, decoded, with what each sample learned and forgot. */
export function usePredictionMap(jobId: string) {
  return useQuery({
    queryKey: predictionKeys.map(jobId),
    queryFn: async ({ signal }): Promise<MapData> => {
      const map = decodeMap(await getPredictionMap(jobId, signal));
      return { map, learning: measureLearning(map) };
    },
    structuralSharing: false,
    ...fresh,
  });
}

const block = 250;

export interface SampleName {
  prompt: string;
  truth: string | null;
}

/** The samples of these ids by name, read in blocks as they come into sight. */
export function useSampleNames(jobId: string, ids: readonly number[]) {
  const blocks = useMemo(
    () => [...new Set(ids.map((id) => Math.floor(id / block)))].slice(0, 12),
    [ids],
  );
  return useQueries({
    queries: blocks.map((at) => ({
      queryKey: predictionKeys.samples(jobId, at),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        getSamples(
          jobId,
          Array.from({ length: block }, (_, index) => at * block + index),
          signal,
        ),
      ...fresh,
    })),
    combine: combineNames,
  });
}

function combineNames(
  results: readonly { data?: Awaited<ReturnType<typeof getSamples>> | undefined }[],
): ReadonlyMap<number, SampleName> {
  const names = new Map<number, SampleName>();
  for (const { data } of results) {
    for (const { sample_id, prompt, ground_truth } of data?.samples ?? []) {
      names.set(sample_id, { prompt, truth: ground_truth });
    }
  }
  return names;
}
