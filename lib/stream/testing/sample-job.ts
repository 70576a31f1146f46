import type { Job } from "@signalbox/protocol/job/job";
import { testJob } from "../../jobs/testing/test-job.ts";

/** A running job whose stream has not begun. */
export function sampleJob(changes: Partial<Job> = {}): Job {
  const time = "2026-11-20T12:00:00.000Z";
  return testJob({
    id: "run:1",
    total_steps: 100,
    generation: "gen0",
    last_seq: 0,
    created_at: time,
    started_at: time,
    updated_at: time,
    heartbeat_at: time,
    ...changes,
  });
}
