import type { Job } from "../../contracts/job.ts";

/** A running job for tests. */
export function sampleJob(changes: Partial<Job> = {}): Job {
  const id = changes.id ?? "run:1";
  const time = "2026-11-20T12:00:00.000Z";
  return {
    id,
    job_id: id,
    name: id,
    kind: "sft",
    status: "running",
    managed: true,
    model_name: null,
    dataset_path: null,
    dataset_id: null,
    config: {},
    params: {},
    live_params: {},
    tags: [],
    notes: "",
    archived: false,
    progress: null,
    phase: null,
    current_step: null,
    total_steps: 100,
    current_epoch: null,
    total_epochs: null,
    latest: {},
    error: null,
    attempt: 1,
    attempt_active: true,
    parent_job_id: null,
    generation: "gen0",
    last_seq: 0,
    created_at: time,
    started_at: time,
    finished_at: null,
    updated_at: time,
    heartbeat_at: time,
    active_seconds: 0,
    ...changes,
  };
}
