import type { Job, UpdateJobBody } from "@signalbox/protocol/job";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJob, updateJob } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

/** One job as the server last answered; the live stream knows what changed since. */
export function useJob(id: string) {
  return useQuery({
    queryKey: queryKeys.jobs.one(id),
    queryFn: ({ signal }) => getJob(id, signal),
    refetchOnReconnect: true,
  });
}

/** Changes name, tags, notes or archived; what the reply says is shown at once. */
export function useUpdateJob(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: UpdateJobBody) => updateJob(id, change),
    onSuccess: (job) => {
      queryClient.setQueryData(queryKeys.jobs.one(id), job);
      void queryClient.invalidateQueries({ queryKey: ["jobs", "list"] });
    },
  });
}

/**
 * The job as it is: its course from the live stream, and what people write on it (name, tags,
 * notes) from whichever of stream and reply is newer.
 */
export function latestJob(streamed: Job | null, fetched: Job | undefined): Job | null {
  if (!streamed) return fetched ?? null;
  if (!fetched || streamed.generation !== fetched.generation) return streamed;
  if (Date.parse(fetched.updated_at) <= Date.parse(streamed.updated_at)) return streamed;
  const { name, tags, notes, archived } = fetched;
  return { ...streamed, name, tags, notes, archived };
}
