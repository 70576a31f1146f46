import { backoffMs } from "@signalbox/protocol/time/backoff";
import { sleepUntilAbort } from "@signalbox/protocol/time/sleep";
import type { DashboardClient, PolledCommand } from "../reporting/dashboard-client.ts";
import type { Progress } from "../trainers/runtime/messages.ts";
import { sampleGpu } from "./gpu.ts";

export interface AttemptLinkOptions {
  client: DashboardClient;
  /** The trainer's latest progress report; null before the first. */
  progress: () => Progress | null;
  /** Whether what the trainer reports waits until its owner has made room. */
  isFull: () => boolean;
  /** Executes a command; resolves when it has been answered or no longer can be. */
  onCommand: (command: PolledCommand) => Promise<void>;
  /** Receives system metrics, at the trainer's step. */
  onSystem: (metrics: Record<string, number>, progress: Progress) => void;
  /** The dashboard has rejected this job or its token for several heartbeats in a row. */
  onRejected: () => void;
}

const HEARTBEAT_MS = 5000;
const REJECTED_HEARTBEATS = 6;

/** Sends heartbeats and system metrics and polls for commands while a process exists. */
export class AttemptLink {
  readonly #options: AttemptLinkOptions;
  readonly #abort = new AbortController();

  constructor(options: AttemptLinkOptions) {
    this.#options = options;
    void this.#sendHeartbeats();
    void this.#pollCommands();
  }

  stop(): void {
    this.#abort.abort();
  }

  async #sendHeartbeats(): Promise<void> {
    const { client, progress, isFull, onRejected } = this.#options;
    const { signal } = this.#abort;
    let rejected = 0;
    let before: { at: number; cpuMs: number } | null = null;
    while (!signal.aborted) {
      await sleepUntilAbort(HEARTBEAT_MS, signal);
      if (signal.aborted) return;
      const latest = progress();
      before = await this.#measure(latest, before);
      const access = await client.heartbeat(heartbeatOf(latest, isFull()), signal);
      rejected = access === "rejected" ? rejected + 1 : 0;
      if (rejected === REJECTED_HEARTBEATS) onRejected();
    }
  }

  async #measure(latest: Progress | null, before: { at: number; cpuMs: number } | null) {
    if (!latest) return before;
    const now = { at: performance.now(), cpuMs: latest.cpu_ms };
    const gpu = await sampleGpu();
    const metrics: Record<string, number> = {
      "system/memory_rss_mb": latest.rss_bytes / 2 ** 20,
      ...(before
        ? { "system/cpu_percent": (100 * (now.cpuMs - before.cpuMs)) / (now.at - before.at) }
        : {}),
      ...(gpu ? { "system/gpu_percent": gpu.percent, "system/gpu_memory_mb": gpu.memory_mb } : {}),
    };
    this.#options.onSystem(metrics, latest);
    return now;
  }

  async #pollCommands(): Promise<void> {
    const { client, onCommand } = this.#options;
    const { signal } = this.#abort;
    let failures = 0;
    let last: string | null = null;
    while (!signal.aborted) {
      const requestedAt = performance.now();
      const { access, command } = await client.nextCommand(signal);
      if (signal.aborted) return;
      if (command) {
        failures = 0;
        // The dashboard repeats a command until its acknowledgement arrives.
        if (command.id === last) await sleepUntilAbort(250, signal);
        last = command.id;
        await onCommand(command);
      } else if (access !== "ok") {
        await sleepUntilAbort(
          access === "rejected" ? HEARTBEAT_MS : backoffMs(failures++, Math.random),
          signal,
        );
      } else {
        failures = 0;
        // Don't hammer a dashboard that replies at once instead of long-polling.
        if (performance.now() - requestedAt < 200) await sleepUntilAbort(200, signal);
      }
    }
  }
}

function heartbeatOf(progress: Progress | null, full: boolean): Record<string, unknown> {
  if (!progress) return {};
  return {
    step: progress.step,
    epoch: progress.epoch,
    progress: progress.total_steps > 0 ? progress.step / progress.total_steps : null,
    phase: full ? "storage limit reached" : progress.phase,
  };
}
