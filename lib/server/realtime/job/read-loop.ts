import type { Clock, HubTiming } from "../source/feed.ts";
import { ReadPacer } from "./read-pacer.ts";
import {
  initialReadProgress,
  nextReadProgress,
  type ReadEvent,
  type ReadOutcome,
  type ReadState,
} from "./read-state.ts";

export interface ReadLoopOptions {
  clock: Clock;
  timing: HubTiming;
  /** Reads and delivers one page. */
  read(): Promise<ReadOutcome>;
  /** Time until the next read while nothing is known to be unread. */
  idleMs(): number;
  /** The job has ended and every row has been delivered. */
  onOver(): void;
  /** A read failed, for the nth time in a row. */
  onFailed(error: unknown, failures: number): void;
}

/** Decides when one job is read: one read at a time, soon after a notification, by poll otherwise. */
export class ReadLoop {
  readonly #options: ReadLoopOptions;
  readonly #pacer: ReadPacer;
  #progress = initialReadProgress;
  #timer: unknown = null;

  constructor(options: ReadLoopOptions) {
    this.#options = options;
    this.#pacer = new ReadPacer(options.timing.minReadMs);
    this.#schedule();
  }

  get state(): ReadState {
    return this.#progress.state;
  }

  /** Rows may have been stored: reads as soon as the pacer allows. */
  notify(): void {
    this.#move("notified");
  }

  /** Starts no further read. May run twice. */
  close(): void {
    this.#move("closed");
  }

  #move(event: ReadEvent): void {
    const before = this.#progress;
    this.#progress = nextReadProgress(before, event, this.#options.clock.now());
    if (this.#progress === before) return;
    if (this.state === "over") this.#options.onOver();
    this.#schedule();
  }

  #schedule(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    const wait = this.#delay();
    if (wait === null) return;
    if (wait <= 0) void this.#run();
    else this.#timer = clock.setTimeout(() => void this.#run(), wait);
  }

  /** Milliseconds until the next read; null while there is none to come. */
  #delay(): number | null {
    const { clock, timing, idleMs } = this.#options;
    const now = clock.now();
    switch (this.state) {
      case "waiting":
        return idleMs();
      case "due":
        return this.#pacer.delay(now);
      case "retrying":
        return Math.max(this.#pacer.delay(now), this.#progress.retryAt - now);
      case "over":
        return timing.pollMs;
      case "reading":
      case "rereading":
      case "closed":
        return null;
    }
  }

  async #run(): Promise<void> {
    this.#pacer.recordRead(this.#options.clock.now());
    this.#move("started");
    try {
      this.#move(await this.#options.read());
    } catch (error) {
      this.#move("failed");
      if (this.state !== "closed") this.#options.onFailed(error, this.#progress.failures);
    }
  }
}
