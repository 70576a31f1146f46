import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type {
  BackendCommandBody,
  BackendQueue,
  BackendStartBody,
} from "@signalbox/protocol/service/backend";
import { ZodError } from "zod";
import { ConflictError, InvalidError, NotFoundError } from "../http/errors.ts";
import type { Settings } from "../settings.ts";
import type { ConfiguredTrainer } from "../trainers/define-trainer.ts";
import { trainers } from "../trainers/registry.ts";
import type { TrainerReference } from "../trainers/trainer-reference.ts";
import { UnknownTrainerError } from "../trainers/trainer-registry.ts";
import { Job } from "./job.ts";
import { type JobRecord, jobFolder, loadRecords } from "./job-record.ts";
import { recoverJob } from "./recover-job.ts";
import { StartQueue } from "./start-queue.ts";

type JobManagerOptions = Pick<Settings, "dataDir" | "dashboardUrl" | "limits"> & { id: string };

/** All jobs of this backend. */
export class JobManager {
  /** Which backend this is, see `readBackendId`. */
  readonly id: string;
  readonly #root: string;
  readonly #dashboardUrl: string | null;
  readonly #jobs = new Map<string, Job>();
  readonly #starts: StartQueue;

  /** `dashboardUrl`, if given, overrides the address that a job was started with. */
  constructor({ id, dataDir, dashboardUrl, limits }: JobManagerOptions) {
    this.id = id;
    this.#dashboardUrl = dashboardUrl;
    this.#starts = new StartQueue(() => [...this.#jobs.values()], limits);
    this.#root = join(dataDir, "backend", "jobs");
  }

  get activeJobs(): number {
    return [...this.#jobs.values()].filter((job) => job.active).length;
  }

  queue(): BackendQueue {
    return this.#starts.describe();
  }

  get(id: string): Job {
    const job = this.#jobs.get(id);
    if (!job) throw new NotFoundError(`Job ${id} not found`);
    return job;
  }

  /**
   * Starts a job or a later attempt of it, or queues it until a running trainer ends. Repeating the same
   * job and attempt has no effect.
   */
  create(body: BackendStartBody): { job: Job; created: boolean } {
    const known = this.#jobs.get(body.job_id);
    if (known) {
      if (body.attempt <= known.record.attempt) return { job: known, created: false };
      this.#nextAttempt(known, {
        attempt: body.attempt,
        token: body.job_token,
        checkpointId: body.resume_from ?? null,
        command: null,
        dashboardUrl: body.dashboard_url,
        owner: body.owner,
      });
      return { job: known, created: true };
    }
    if (body.resume_from) {
      throw new ConflictError(
        `Job ${body.job_id} not found: there is no checkpoint to resume from`,
      );
    }
    const now = new Date().toISOString();
    const record: JobRecord = {
      job_id: body.job_id,
      owner: body.owner ?? null,
      name: body.name ?? null,
      ...this.#configure(body),
      dashboard_url: body.dashboard_url,
      job_token: body.job_token,
      attempt: body.attempt,
      status: "queued",
      held: false,
      phase: null,
      step: null,
      epoch: null,
      total_steps: null,
      total_epochs: null,
      error: null,
      reported: false,
      queued: null,
      process: null,
      recoveries: { count: 0, step: null },
      commands: new Map(),
      created_at: now,
      updated_at: now,
    };
    const job = this.#open(record);
    this.#starts.add(job, { resume: null, resumeCommand: null });
    if (body.dataset !== undefined && body.dataset !== null) {
      job.event(
        "dataset_ignored",
        "warning",
        "This trainer does not use datasets; the dataset was ignored.",
      );
    }
    return { job, created: true };
  }

  /** Executes a command; a known id has no effect. */
  command(id: string, body: BackendCommandBody): Job {
    const job = this.get(id);
    if (job.command(body.id)) return job;
    if (job.active) {
      if (body.type === "resume" && !job.record.held) {
        throw new ConflictError("the run is not paused");
      }
      job.dispatch(body.id, body.type, body.args);
      return job;
    }
    if (body.type === "resume" && job.record.status !== "queued") {
      const requested = body.args.checkpoint_id;
      if (requested !== undefined && requested !== null && typeof requested !== "string") {
        throw new InvalidError([{ field: "args.checkpoint_id", message: "must be a string" }]);
      }
      this.#nextAttempt(job, {
        attempt: body.attempt ?? job.record.attempt + 1,
        token: body.job_token ?? job.record.job_token,
        checkpointId: requested ?? null,
        command: body,
      });
      return job;
    }
    if (body.type === "stop" && ["paused", "queued"].includes(job.record.status)) {
      job.register(body.id, body.type, body.args);
      job.settle("cancelled", null);
      return job;
    }
    throw new ConflictError(`the run is ${job.record.status} and has no process`);
  }

  /** Deletes a job that has no process, with its files. */
  async delete(id: string): Promise<void> {
    const job = this.get(id);
    if (job.active) throw new ConflictError("the run is active: stop it first");
    this.#jobs.delete(id);
    await job.close();
    rmSync(job.folder.root, { recursive: true, force: true });
  }

  /** Loads the jobs of the previous backend; restarts or settles those that were active. */
  async recover(): Promise<void> {
    const { records, unreadable } = loadRecords(this.#root);
    for (const name of unreadable) console.error(`job folder ${name} has no readable job.json`);
    const orphaned: Job[] = [];
    for (const record of records) {
      const job = this.#open(record);
      if (record.status === "active") orphaned.push(job);
      else job.spool.flush();
    }
    await Promise.all(orphaned.map((job) => recoverJob(job)));
    this.#starts.open();
  }

  /** Asks every trainer to save and exit, kills those that exceed the deadline, stops sending. */
  async shutdown(graceMs: number): Promise<void> {
    this.#starts.close();
    const jobs = [...this.#jobs.values()];
    const stopping = Promise.all(jobs.map((job) => job.shutdown()));
    await Promise.race([stopping, delay(graceMs, null, { ref: false })]);
    for (const job of jobs) job.kill();
    await stopping;
    const sent = Promise.all(jobs.map((job) => job.spool.drained()));
    await Promise.race([sent, delay(300, null, { ref: false })]);
    await Promise.all(jobs.map((job) => job.close()));
  }

  #open(record: JobRecord): Job {
    const job = new Job(record, jobFolder(this.#root, record.job_id), {
      dashboardUrl: this.#dashboardUrl,
      onEnded: () => this.#starts.startWaiting(),
    });
    this.#jobs.set(record.job_id, job);
    return job;
  }

  /** Starts the next attempt of a job that has no process, from a checkpoint. */
  #nextAttempt(
    job: Job,
    next: {
      attempt: number;
      token: string;
      checkpointId: string | null;
      command: BackendCommandBody | null;
      dashboardUrl?: string;
      owner?: string;
    },
  ): void {
    const { record } = job;
    if (job.active) throw new ConflictError("the run already has a process");
    if (record.status !== "paused" && record.status !== "failed") {
      throw new ConflictError(`a run that is ${record.status} can't be resumed`);
    }
    const { id, step, damaged } = this.#resumePoint(job, next.checkpointId);
    record.attempt = next.attempt;
    job.setOwner(next.owner ?? null);
    record.dashboard_url = next.dashboardUrl ?? record.dashboard_url;
    record.step = step;
    record.recoveries = { count: 0, step: null };
    job.renewToken(next.token);
    if (next.command) job.register(next.command.id, next.command.type, next.command.args);
    this.#starts.add(job, {
      resume: id === null ? null : { checkpoint_id: id, replay_live: false },
      resumeCommand: next.command?.id ?? null,
    });
    for (const bad of damaged) {
      job.event("checkpoint_damaged", "warning", `Checkpoint ${bad} is damaged and was skipped.`);
    }
  }

  #resumePoint(
    job: Job,
    requested: string | null,
  ): { id: string | null; step: number | null; damaged: string[] } {
    if (requested !== null) {
      const named = job.checkpoints.describe().find((c) => c.id === requested);
      if (!named) throw new ConflictError(`checkpoint ${requested} not found`);
      if (!named.verified) throw new ConflictError(`checkpoint ${requested} is damaged`);
      return { id: requested, step: named.step, damaged: [] };
    }
    const { found, damaged } = job.checkpoints.lastVerified();
    if (!found && job.record.reported) {
      throw new ConflictError("there is no intact checkpoint to resume from");
    }
    return { id: found?.id ?? null, step: found?.step ?? null, damaged: damaged.map((c) => c.id) };
  }

  /** Parses a configuration and finds the checkpoint whose weights it starts from. */
  #configure({
    owner,
    kind,
    config,
  }: BackendStartBody): Pick<JobRecord, keyof TrainerReference | "start_from"> {
    const configured = configure({ kind, config });
    const { startFromRun, definition } = configured;
    if (startFromRun === null) return { ...configured.reference, start_from: null };
    const refuse = (message: string) =>
      new InvalidError([{ field: `config.${definition.startFromField}`, message }]);
    const source = this.#jobs.get(startFromRun);
    if (!source || !mayStartFrom(source.record, owner ?? null))
      throw refuse("run not found on this backend");
    if (!trainers.canStartFrom(definition, source.record)) {
      throw refuse("that run's weights don't fit this trainer's model");
    }
    const { found } = source.checkpoints.lastVerified();
    if (!found) throw refuse("that run has no intact checkpoint");
    source.setOwner(owner ?? null);
    return {
      ...configured.adopt(source.record.config).reference,
      start_from: { checkpoints: source.folder.checkpoints, checkpoint_id: found.id },
    };
  }
}

/** A record of an earlier release has no owner: the dashboard has checked whose job it is. */
function mayStartFrom(source: JobRecord, owner: string | null): boolean {
  return source.owner === null || source.owner === owner;
}

function configure(reference: TrainerReference): ConfiguredTrainer {
  try {
    return trainers.configure(reference);
  } catch (error) {
    if (error instanceof ZodError) throw InvalidError.from(error, "config");
    if (error instanceof UnknownTrainerError) {
      throw new InvalidError([{ field: "kind", message: error.message }]);
    }
    throw error;
  }
}
