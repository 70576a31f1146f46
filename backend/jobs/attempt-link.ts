import { backoffMs, sleep } from "../reporting/backoff.ts";
import type { DashboardClient, PolledCommand } from "../reporting/dashboard-client.ts";
import type { Progress } from "../trainers/runtime/protocol.ts";
import { sampleGpu } from "./gpu.ts";

export interface AttemptLinkOptions {
  client: DashboardClient;
  /** The trainer's last report; null before the first. */
  progress: () => Progress | null;
  /** Carries out a command; resolves when it has been answered or can't be any more. */
  onCommand: (command: PolledCommand) => Promise<void>;
  /** Figures of the machine, at the trainer's step. */
  onSystem: (figures: Record<string, number>, progress: Progress) => void;
  /** The dashboard has said for a while that this job or its token doesn't exist. */
  onDisowned: () => void;
}

const BEAT_MS = 5000;
const DISOWNED_BEATS = 6;

/** What goes on beside the spool while a process is there: heartbeats, commands, machine figures. */
export class AttemptLink {
  readonly #options: AttemptLinkOptions;
  readonly #abort = new AbortController();

  constructor(options: AttemptLinkOptions) {
    this.#options = options;
    void this.#beat();
    void this.#poll();
  }

  stop(): void {
    this.#abort.abort();
  }

  async #beat(): Promise<void> {
    const { client, progress, onDisowned } = this.#options;
    const { signal } = this.#abort;
    let disowned = 0;
    let before: { at: number; cpuMs: number } | null = null;
    while (!signal.aborted) {
      await sleep(BEAT_MS, signal);
      if (signal.aborted) return;
      const latest = progress();
      before = await this.#measure(latest, before);
      const standing = await client.heartbeat(heartbeatOf(latest), signal);
      disowned = standing === "disowned" ? disowned + 1 : 0;
      if (disowned === DISOWNED_BEATS) onDisowned();
    }
  }

  async #measure(latest: Progress | null, before: { at: number; cpuMs: number } | null) {
    if (!latest) return before;
    const now = { at: performance.now(), cpuMs: latest.cpu_ms };
    const gpu = await sampleGpu();
    const figures: Record<string, number> = {
      "system/memory_rss_mb": latest.rss_bytes / 2 ** 20,
      ...(before
        ? { "system/cpu_percent": (100 * (now.cpuMs - before.cpuMs)) / (now.at - before.at) }
        : {}),
      ...(gpu ? { "system/gpu_percent": gpu.percent, "system/gpu_memory_mb": gpu.memory_mb } : {}),
    };
    this.#options.onSystem(figures, latest);
    return now;
  }

  async #poll(): Promise<void> {
    const { client, onCommand } = this.#options;
    const { signal } = this.#abort;
    let failures = 0;
    let last: string | null = null;
    while (!signal.aborted) {
      const asked = performance.now();
      const { standing, command } = await client.nextCommand(signal);
      if (signal.aborted) return;
      if (command) {
        failures = 0;
        // The same again: its acknowledgement is still on the way.
        if (command.id === last) await sleep(250, signal);
        last = command.id;
        await onCommand(command);
      } else if (standing !== "ok") {
        await sleep(standing === "disowned" ? BEAT_MS : backoffMs(failures++, Math.random), signal);
      } else {
        failures = 0;
        // A dashboard that answers at once instead of waiting must not be hammered.
        if (performance.now() - asked < 200) await sleep(200, signal);
      }
    }
  }
}

function heartbeatOf(progress: Progress | null): Record<string, unknown> {
  if (!progress) return {};
  return {
    step: progress.step,
    epoch: progress.epoch,
    progress: progress.total_steps > 0 ? progress.step / progress.total_steps : null,
    phase: progress.phase,
  };
}
