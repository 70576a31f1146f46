import { rmSync } from "node:fs";
import { DashboardClient, type PolledCommand } from "../reporting/dashboard-client.ts";
import type { SpoolItem } from "../reporting/spool.ts";
import { CheckpointStore } from "../trainers/runtime/checkpoint-store.ts";
import type { Answer, Progress, StartMessage } from "../trainers/runtime/messages.ts";
import { AttemptLink } from "./attempt-link.ts";
import { classifyExit, type Intent, readOutcome } from "./classify-exit.ts";
import { appendLog } from "./job-log.ts";
import { type CommandRecord, type JobFolder, type JobRecord, saveRecord } from "./job-record.ts";
import { JobSpool } from "./job-spool.ts";
import { processStart } from "./process-identity.ts";
import { TrainerProcess } from "./trainer-process.ts";

const STOP_DEADLINE_MS = 20_000;
const STDERR_LINES = 20;

export interface StartOptions {
  resume: StartMessage["resume"];
  resumeCommand: string | null;
}

interface RunningAttempt {
  process: TrainerProcess;
  link: AttemptLink;
  intent: Intent;
  progress: Progress | null;
  stderr: string[];
  stopTimer: NodeJS.Timeout | null;
  exited: Promise<void>;
}

/** One job: its record on disk, its spool, and its process while there is one. */
export class Job {
  readonly record: JobRecord;
  readonly folder: JobFolder;
  readonly checkpoints: CheckpointStore;
  readonly spool: JobSpool;
  readonly #client: DashboardClient;
  readonly #onEnded: () => void;
  #attempt: RunningAttempt | null = null;
  #waiting = new Map<string, (() => void)[]>();

  /**
   * `dashboardUrl`: overrides the dashboard address in the record. `onEnded`: called when a process has
   * exited and its end is recorded.
   */
  constructor(
    record: JobRecord,
    folder: JobFolder,
    { dashboardUrl, onEnded }: { dashboardUrl: string | null; onEnded: () => void },
  ) {
    this.#onEnded = onEnded;
    this.record = record;
    this.folder = folder;
    this.checkpoints = new CheckpointStore(folder.checkpoints);
    this.#client = new DashboardClient({
      url: () => dashboardUrl ?? record.dashboard_url,
      jobId: record.job_id,
      token: () => record.job_token,
      fetch,
    });
    this.spool = new JobSpool(folder.spool, this.#client, (message) => this.log(message));
  }

  get active(): boolean {
    return this.#attempt !== null;
  }

  /** Waits for a process of the record's attempt; `order`: of its arrival among all jobs. */
  enqueue(order: number, { resume, resumeCommand }: StartOptions): void {
    const queued = { order, resume, resume_command: resumeCommand };
    Object.assign(this.record, { status: "queued", queued, held: false, phase: null, error: null });
    this.save();
  }

  /** Starts the process that the job waits for. */
  startQueued(): void {
    const { queued } = this.record;
    if (!queued) throw new Error("this job is not in the queue");
    this.start({ resume: queued.resume, resumeCommand: queued.resume_command });
    this.report({ t: "status", body: { status: "starting" } });
  }

  /** Starts a process for the record's attempt. */
  start({ resume, resumeCommand }: StartOptions): void {
    if (this.#attempt) throw new Error("this job already has a process");
    const { record, folder } = this;
    rmSync(folder.outcome, { force: true });
    const segment = this.spool.beginSegment();
    Object.assign(record, { status: "active", held: false, phase: "loading", error: null });
    record.queued = null;
    const { promise: exited, resolve } = Promise.withResolvers<void>();
    const process = new TrainerProcess(
      {
        type: "start",
        job_id: record.job_id,
        attempt: record.attempt,
        trainer: { trainer: record.trainer, kind: record.kind, config: record.config },
        folder: folder.root,
        segment,
        resume,
        start_from: record.start_from,
        resume_command: resumeCommand,
      },
      {
        progress: (progress) => this.#onProgress(progress),
        answer: (id, answer) => this.#onAnswer(id, answer),
        line: (stream, text) => this.#onLine(stream, text),
        exit: (code, signal) => {
          this.#onExit(code, signal);
          resolve();
        },
      },
    );
    const { pid } = process;
    record.process = pid === null ? null : { pid, started: processStart(pid) };
    this.save();
    const link = new AttemptLink({
      client: this.#client,
      progress: () => this.#attempt?.progress ?? null,
      isFull: () => this.spool.full,
      onCommand: (command) => this.#onPolled(command),
      onSystem: (metrics, { step, epoch }) => this.#reportSystem(metrics, step, epoch),
      onRejected: () => this.#stopProcess("rejected", null),
    });
    this.#attempt = {
      process,
      link,
      intent: "train",
      progress: null,
      stderr: [],
      stopTimer: null,
      exited,
    };
  }

  /** Appends an item to the spool. */
  report(item: SpoolItem): void {
    this.spool.append(item);
  }

  event(type: string, level: "info" | "warning" | "error", message: string, data = {}): void {
    this.report({ t: "event", type, level, message, data });
    this.log(message);
  }

  /** Writes a line to the job's log and to the backend's stderr. */
  log(text: string): void {
    appendLog(this.folder.log, { stream: "stderr", text, ts: Date.now() });
    console.error(`[${this.record.job_id}] ${text}`);
  }

  /** Registers a command; false if its id is known. */
  register(id: string, type: string, args: Record<string, unknown>): boolean {
    if (this.record.commands.has(id)) return false;
    this.record.commands.set(id, { type, args, answer: null });
    this.save();
    return true;
  }

  command(id: string): CommandRecord | null {
    return this.record.commands.get(id) ?? null;
  }

  /** Dispatches a command to the process; a known id has no effect. */
  dispatch(id: string, type: string, args: Record<string, unknown>): void {
    if (!this.register(id, type, args)) return;
    this.#forward(id, type, args);
  }

  /** Dispatches again the commands that the previous process left unanswered. */
  redispatch(): void {
    for (const [id, { type, args, answer }] of this.record.commands) {
      if (!answer && type !== "resume") this.#forward(id, type, args);
    }
  }

  /** Answers a command on behalf of a process that no longer exists. */
  answer(id: string, answer: Answer): void {
    this.report({ t: "ack", command_id: id, body: answer });
    this.#onAnswer(id, answer);
  }

  renewToken(token: string): void {
    this.record.job_token = token;
    this.save();
    this.spool.unblock();
  }

  /** Names the owner of a job that a release before owners stored. */
  setOwner(owner: string | null): void {
    if (owner === null || this.record.owner !== null) return;
    this.record.owner = owner;
    this.save();
  }

  save(): void {
    saveRecord(this.folder, this.record);
  }

  /** Asks the process to save and exit; resolves when it has exited. */
  async shutdown(): Promise<void> {
    const attempt = this.#attempt;
    if (!attempt) return;
    attempt.intent = "shutdown";
    attempt.process.shutdown();
    await attempt.exited;
  }

  kill(): void {
    this.#attempt?.process.kill();
  }

  async close(): Promise<void> {
    this.#attempt?.link.stop();
    await this.spool.close();
  }

  #onProgress(progress: Progress): void {
    const { record } = this;
    const changed = record.held !== progress.held || (!record.reported && progress.step > 0);
    const { step, epoch, total_steps, total_epochs, phase, held } = progress;
    Object.assign(record, { step, epoch, total_steps, total_epochs, phase, held });
    record.reported ||= step > 0;
    if (this.#attempt) this.#attempt.progress = progress;
    if (changed) this.save();
    this.spool.wake();
  }

  #onAnswer(id: string, answer: Answer): void {
    const known = this.record.commands.get(id) ?? { type: "unknown", args: {} };
    this.record.commands.set(id, { ...known, answer });
    this.save();
    for (const resolve of this.#waiting.get(id) ?? []) resolve();
    this.#waiting.delete(id);
    this.spool.wake();
  }

  #onLine(stream: "stdout" | "stderr", text: string): void {
    const ts = Date.now();
    const attempt = this.#attempt;
    if (stream === "stderr" && attempt) {
      attempt.stderr = [...attempt.stderr, text].slice(-STDERR_LINES);
    }
    appendLog(this.folder.log, { stream, text, ts });
    this.report({ t: "log", stream, text, ts });
  }

  async #onPolled({ id, type, args }: PolledCommand): Promise<void> {
    this.dispatch(id, type, args ?? {});
    if (this.record.commands.get(id)?.answer || !this.#attempt) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]);
    });
  }

  #forward(id: string, type: string, args: Record<string, unknown>): void {
    if (!this.#attempt) this.answer(id, { status: "rejected", reason: "the run has no process" });
    else if (type === "stop" || type === "cancel") this.#stopProcess("stop", { id, type, args });
    else this.#attempt.process.command({ id, type, args });
  }

  #stopProcess(intent: Intent, command: Parameters<TrainerProcess["command"]>[0] | null): void {
    const attempt = this.#attempt;
    if (!attempt) return;
    attempt.intent = intent;
    if (command) attempt.process.command(command);
    else attempt.process.shutdown();
    attempt.stopTimer ??= setTimeout(() => {
      this.log("the trainer did not stop in time; killing it");
      attempt.process.kill();
    }, STOP_DEADLINE_MS);
  }

  #reportSystem(metrics: Record<string, number>, step: number, epoch: number): void {
    const timestamp = Date.now();
    const points = Object.entries(metrics).map(([name, value]) => ({
      name,
      step,
      value,
      epoch,
      timestamp,
    }));
    this.report({ t: "metrics", points });
  }

  #onExit(code: number | null, signal: string | null): void {
    const attempt = this.#attempt;
    if (!attempt) return;
    const { record } = this;
    attempt.link.stop();
    clearTimeout(attempt.stopTimer ?? undefined);
    this.#attempt = null;
    const { intent, stderr } = attempt;
    const outcome = readOutcome(this.folder.outcome);
    const verdict = classifyExit({ outcome, code, signal, intent, stderr });
    record.process = null;
    if (verdict.status === "active") {
      record.held ||= outcome?.held ?? false;
      this.save();
    } else {
      this.settle(verdict.status, verdict.error, code);
    }
    this.#onEnded();
  }

  /** Records and reports how the attempt ended, after everything the attempt reported. */
  settle(
    status: Exclude<JobRecord["status"], "active" | "queued">,
    error: string | null,
    code?: number | null,
  ) {
    const { record } = this;
    for (const [id, { type, answer }] of [...record.commands]) {
      if (answer) continue;
      const done = status === "cancelled" && (type === "stop" || type === "cancel");
      if (!done)
        this.answer(id, { status: "rejected", reason: `the attempt ended first (${status})` });
      else if (code === undefined) this.answer(id, { status: "applied" });
      else this.answer(id, { status: "applied", reason: "the process was killed" });
    }
    Object.assign(record, { status, error, held: false, process: null, queued: null });
    record.phase = status === "paused" ? "paused" : null;
    this.save();
    this.report({
      t: "status",
      body: {
        status,
        exited: true,
        ...(code === undefined ? {} : { exit_code: code }),
        ...(error === null ? {} : { error }),
        ...(record.step === null ? {} : { step: record.step }),
        ...(status === "succeeded" ? { progress: 1 } : {}),
      },
    });
    void this.spool.drained().then(() => (this.#attempt ? undefined : this.spool.suspend()));
  }
}
