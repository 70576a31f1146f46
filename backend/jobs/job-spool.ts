import { mkdirSync, readFileSync } from "node:fs";
import { sleepUntilAbort } from "@signalbox/protocol/time/sleep";
import type { DashboardClient } from "../reporting/dashboard-client.ts";
import {
  listSegments,
  parseItems,
  type SpoolItem,
  SpoolWriter,
  segmentPath,
} from "../reporting/spool.ts";
import { SpoolSender } from "../reporting/spool-sender.ts";
import { type Answer, answerSchema } from "../trainers/runtime/messages.ts";

/** A job's spool: appends to it, and runs a sender while there is something to send. */
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

  /** Whether data waits until the owner has made room for it. */
  get full(): boolean {
    return this.#sender?.full ?? false;
  }

  append(item: SpoolItem): void {
    this.#openWriter().append(item);
    this.wake();
  }

  /** Tells the sender that this process or the trainer appended something. */
  wake(): void {
    this.#openSender()?.wake();
  }

  /** Sends what the previous backend left unsent. */
  flush(): void {
    if (listSegments(this.#folder).length > 0) this.wake();
  }

  /** Continues sending after the token was renewed. */
  unblock(): void {
    this.#sender?.unblock();
  }

  /** Starts a segment for a new process; earlier segments are complete. */
  beginSegment(): string {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = segmentPath(this.#folder, (listSegments(this.#folder).at(-1) ?? 0) + 1);
    this.#writer?.close();
    this.#writer = new SpoolWriter(path);
    this.wake();
    return path;
  }

  /** Reads from the last segment which commands the last process answered, and its last step. */
  finalOutput(): { answers: Map<string, Answer>; lastStep: number | null } {
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

  /** Resolves when the dashboard has received everything. */
  async drained(): Promise<void> {
    await this.#sender?.drained();
  }

  /** Closes files while there is nothing to send. */
  async suspend(): Promise<void> {
    const sender = this.#sender;
    this.#sender = null;
    this.#writer?.close();
    this.#writer = null;
    await sender?.stop();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.suspend();
  }

  #openWriter(): SpoolWriter {
    if (!this.#writer) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const last = listSegments(this.#folder).at(-1) ?? 1;
      this.#writer = new SpoolWriter(segmentPath(this.#folder, last));
    }
    return this.#writer;
  }

  #openSender(): SpoolSender | null {
    if (!this.#sender && !this.#closed) {
      this.#sender = new SpoolSender({
        folder: this.#folder,
        deliver: (batch, signal) => this.#client.deliver(batch, signal),
        warn: this.#warn,
        sleep: sleepUntilAbort,
        now: () => performance.now(),
        random: Math.random,
      });
      this.#sender.start();
    }
    return this.#sender;
  }
}
