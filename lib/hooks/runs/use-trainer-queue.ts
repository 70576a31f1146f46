import { useQuery } from "@tanstack/react-query";
import { getTrainerQueue } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

/** Places change when trainers of other users end, too, which no stream tells. */
const refetchMs = 3_000;

/** The user's places in the queue of the training backend, for a run that waits in it. */
export function useTrainerQueue() {
  return useQuery({
    queryKey: queryKeys.trainerQueue,
    queryFn: ({ signal }) => getTrainerQueue(signal),
    refetchInterval: refetchMs,
  });
}
