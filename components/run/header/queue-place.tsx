"use client";

import { formatInteger } from "@/lib/format/number";
import { useTrainerQueue } from "@/lib/hooks/runs/use-trainer-queue";

/** Where a run waits in the training backend's queue. */
export function QueuePlace({ id }: { id: string }) {
  const { data } = useTrainerQueue();
  const place = data?.jobs.find(({ job_id }) => job_id === id);
  if (!data || !place) return "waiting to start";
  if (place.position === 1) return "next in the queue";
  return `${formatInteger(place.position)} of ${formatInteger(data.waiting)} in the queue`;
}
