import { useQuery } from "@tanstack/react-query";
import { getPredictionTrends, predictionKeys } from "@/lib/api/predictions";

/** Never stale by time: the stream invalidates it. */
const fresh = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const;

/** The quality per epoch, which also lists the epochs. */
export function usePredictionTrends(jobId: string) {
  return useQuery({
    queryKey: predictionKeys.trends(jobId),
    queryFn: ({ signal }) => getPredictionTrends(jobId, signal),
    ...fresh,
  });
}
