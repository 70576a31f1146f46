import { useQuery } from "@tanstack/react-query";
import { getPredictionTrends, predictionKeys } from "@/lib/api/predictions";

/** What the stream keeps in step is never old by itself. */
const fresh = { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false } as const;

/** Quality per epoch, and with it the epochs there are. */
export function usePredictionTrends(jobId: string) {
  return useQuery({
    queryKey: predictionKeys.trends(jobId),
    queryFn: ({ signal }) => getPredictionTrends(jobId, signal),
    ...fresh,
  });
}
