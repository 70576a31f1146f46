import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getPredictionMap, getSamples, getScoreMap, predictionKeys } from "@/lib/api/predictions";
import {
  decodeMap,
  type Learning,
  type LearningMap,
  measureLearning,
} from "@/lib/predictions/map/learning-map";
import { decodeScoreMap, type ScoreMap } from "@/lib/predictions/map/score-map";
import { useDebounced } from "../page/use-debounced";

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

/** The values of a score over the map, decoded; null asks for none. */
export function useScoreMap(jobId: string, score: string | null) {
  return useQuery({
    queryKey: predictionKeys.scoreMap(jobId, score ?? ""),
    queryFn: async ({ signal }): Promise<ScoreMap> =>
      decodeScoreMap(await getScoreMap(jobId, score ?? "", signal)),
    enabled: score !== null,
    structuralSharing: false,
    // A large run's values are megabytes.
    gcTime: 30_000,
    ...fresh,
  });
}

export interface SampleName {
  prompt: string;
  truth: string | null;
}

const noNames: ReadonlyMap<number, SampleName> = new Map();

/** The names of the samples with these ids; fetched when the ids have settled. */
export function useSampleNames(
  jobId: string,
  ids: readonly number[],
): ReadonlyMap<number, SampleName> {
  const settled = useDebounced(ids.slice(0, 500).join(","), 120);
  const { data } = useQuery({
    queryKey: predictionKeys.samples(jobId, settled),
    queryFn: async ({ signal }) => {
      const { samples } = await getSamples(jobId, settled.split(",").map(Number), signal);
      return new Map(
        samples.map(({ sample_id, prompt, ground_truth }) => [
          sample_id,
          { prompt, truth: ground_truth },
        ]),
      );
    },
    enabled: settled !== "",
    placeholderData: keepPreviousData,
    structuralSharing: false,
    gcTime: 60_000,
    ...fresh,
  });
  return data ?? noNames;
}
