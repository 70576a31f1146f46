import type { Job, UpdateJobBody } from "@signalbox/protocol/job/job";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getJob, updateJob } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

/** One job as last fetched; the live stream has later changes. */
export function useJob(id: string) {
  return useQuery({
    queryKey: queryKeys.jobs.one(id),
    queryFn: ({ signal }) => getJob(id, signal),
    refetchOnReconnect: true,
  });
}

/** Changes name, tags, notes or archived; the reply is shown immediately. */
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
 * The latest job: its progress from the live stream; name, tags and notes from the stream or the
 * reply, whichever is newer.
 */
export function latestJob(streamed: Job | null, fetched: Job | undefined): Job | null {
  if (!streamed) return fetched ?? null;
  if (!fetched || streamed.generation !== fetched.generation) return streamed;
  if (Date.parse(fetched.updated_at) <= Date.parse(streamed.updated_at)) return streamed;
  const { name, tags, notes, archived } = fetched;
  return { ...streamed, name, tags, notes, archived };
}
