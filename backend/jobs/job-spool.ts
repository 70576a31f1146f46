import { mkdirSync, readFileSync } from "node:fs";
import { sleep } from "../reporting/backoff.ts";
import type { DashboardClient } from "../reporting/dashboard-client.ts";
import {
  listSegments,
  parseItems,
  type SpoolItem,
  SpoolWriter,
  segmentPath,
} from "../reporting/spool.ts";
import { SpoolSender } from "../reporting/spool-sender.ts";
import { type Answer, answerSchema } from "../trainers/runtime/protocol.ts";

/** A job's spool: writes to it, and keeps a sender going while there is something to send. */
export class JobSpool {
  readonly #folder: string;
  readonly #client: DashboardClient;
  readonly #warn: (message: string) => void;
  #writer: SpoolWriter | null = null;
  #sender: SpoolSender | null = null;
  #closed = false;

  constructor(folder: string, client: DashboardClient, warn: (message: string) => void) {
    this.#folder = folder;
    this.#client = client;
    this.#warn = warn;
  }

  append(item: SpoolItem): void {
    this.#writerNow().append(item);
    this.wake();
  }

  /** Something was written, here or by the trainer. */
  wake(): void {
    this.#senderNow()?.wake();
  }

  /** Sends what an earlier process left unsent. */
  flush(): void {
    if (listSegments(this.#folder).length > 0) this.wake();
  }

  /** There is a new token: what was held back may go out. */
  unblock(): void {
    this.#sender?.unblock();
  }

  /** Begins a segment of its own for a new process; nobody writes to the earlier ones any more. */
  beginSegment(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = segmentPath(this.#folder, (listSegments(this.#folder).at(-1) ?? 0) + 1);
    this.#writer?.close();
    this.#writer = new SpoolWriter(path);
    this.wake();
    return path;
  }

  /** What the last process said before it died: its answers to commands, and its last step. */
  lastWords(): { answers: Map<string, Answer>; lastStep: number | null } {
    const answers = new Map<string, Answer>();
    let lastStep: number | null = null;
    const segment = listSegments(this.#folder).at(-1);
    if (segment === undefined) return { answers, lastStep };
    for (const item of parseItems(readFileSync(segmentPath(this.#folder, segment), "utf8"))) {
      if (item.t === "ack") {
        const answer = answerSchema.safeParse(item.body);
        if (answer.success) answers.set(item.command_id, answer.data);
      } else if (item.t === "metrics") {
        for (const { name, step } of item.points) {
          const trained = typeof name === "string" && name.startsWith("train/");
          if (trained && typeof step === "number") lastStep = Math.max(lastStep ?? 0, step);
        }
      }
    }
    return { answers, lastStep };
  }

  /** Resolves when the dashboard has everything. */
  async drained(): Promise<void> {
    await this.#sender?.drained();
  }

  /** Lets go of files when there is nothing more to send for now. */
  async rest(): Promise<void> {
    const sender = this.#sender;
    this.#sender = null;
    this.#writer?.close();
    this.#writer = null;
    await sender?.stop();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.rest();
  }

  #writerNow(): SpoolWriter {
    if (!this.#writer) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const last = listSegments(this.#folder).at(-1) ?? 1;
      this.#writer = new SpoolWriter(segmentPath(this.#folder, last));
    }
    return this.#writer;
  }

  #senderNow(): SpoolSender | null {
    if (!this.#sender && !this.#closed) {
      this.#sender = new SpoolSender({
        folder: this.#folder,
        deliver: (batch, signal) => this.#client.deliver(batch, signal),
        warn: this.#warn,
        sleep,
        now: () => performance.now(),
        random: Math.random,
      });
      this.#sender.start();
    }
    return this.#sender;
  }
}
