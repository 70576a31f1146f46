import type { StartJobBody } from "@signalbox/protocol/job/job";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { ApiError } from "@/lib/api/errors";
import { startJob } from "@/lib/api/jobs";
import { queryKeys } from "@/lib/api/query-keys";

/**
 * Starts a run. Retries of the same body carry the same Idempotency-Key, so that a lost reply never
 * starts a second run.
 */
export function useStartJob() {
  const queryClient = useQueryClient();
  const attempt = useRef<{ key: string; body: string } | null>(null);
  return useMutation({
    mutationFn: (body: StartJobBody) => {
      const text = JSON.stringify(body);
      if (attempt.current?.body !== text) {
        attempt.current = { key: crypto.randomUUID(), body: text };
      }
      return startJob(body, attempt.current.key);
    },
    onSuccess: (job) => {
      attempt.current = null;
      queryClient.setQueryData(queryKeys.jobs.one(job.id), job);
      void queryClient.invalidateQueries({ queryKey: queryKeys.jobs.all, refetchType: "none" });
    },
    onError: (error) => {
      // The server has replied: the next attempt is a new request.
      if (error instanceof ApiError && error.status > 0) attempt.current = null;
    },
  });
}
