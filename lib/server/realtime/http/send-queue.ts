import { limits } from "../source/feed.ts";

export type CutReason = "slow_reader" | "stalled" | "gone";

/** Where an outbox puts its chunks; it calls `pull` for each one that it wants. */
interface Sink {
  enqueue(chunk: Uint8Array): void;
  close(): void;
  error(reason: unknown): void;
}

/**
 * What waits for one viewer: a byte stream fed by reference, so that a chunk shared by a
 * thousand viewers exists once. Bytes count as unread until the consumer has pulled them.
 */
export class Outbox {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #now: () => number;
  #onClosed: (() => void) | null;
  #sink: Sink | undefined;
  #queue: Uint8Array[] = [];
  #bytes = 0;
  #wanted = false;
  #state: "open" | "ending" | "closed" = "open";
  #takenAt: number;
  #drained: (() => void) | null = null;

  /** `onClosed` runs once, however the stream ends: when we end it, when the consumer leaves, when cut. */
  constructor(now: () => number, onClosed: () => void) {
    this.#now = now;
    this.#onClosed = onClosed;
    this.#takenAt = now();
    this.stream = new DetachedStream(
      {
        start: (controller) => {
          this.#sink = controller;
        },
        pull: () => this.#pull(),
        cancel: () => this.#closed(),
      },
      (destination, signal) => this.#pipe(destination, signal),
    );
  }

  get open(): boolean {
    return this.#state === "open";
  }

  get unreadBytes(): number {
    return this.#bytes;
  }

  /** Hands a chunk on, or queues it; a viewer with more than the limit unread is cut off. */
  push(chunk: Uint8Array): void {
    if (this.#state !== "open") return;
    if (this.#wanted) {
      this.#wanted = false;
      this.#takenAt = this.#now();
      this.#sink?.enqueue(chunk);
      return;
    }
    // Counted before adding: one row larger than the limit must still reach an attentive reader.
    if (this.#bytes > limits.unreadBytes) {
      this.cut("slow_reader");
      return;
    }
    if (this.#queue.length === 0) this.#takenAt = this.#now();
    this.#queue.push(chunk);
    this.#bytes += chunk.byteLength;
  }

  /** Resolves when little enough waits for the next page, or the stream has closed. */
  drained(): Promise<void> | null {
    if (this.#state !== "open" || this.#bytes < limits.catchUpBytes) return null;
    return new Promise((resolve) => {
      this.#drained = resolve;
    });
  }

  /** Whether something has waited untaken for longer than `ms`. */
  stalledFor(ms: number): boolean {
    return this.#queue.length > 0 && this.#now() - this.#takenAt > ms;
  }

  /** Closes the stream after everything queued has been taken. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#announce();
    if (this.#queue.length === 0) this.#finish();
  }

  /** Breaks the stream at once; the client resumes by its cursor. */
  cut(reason: CutReason): void {
    if (this.#state === "closed") return;
    this.#sink?.error(cutError(reason));
    this.#closed();
  }

  #pipe(destination: WritableStream<Uint8Array>, signal: AbortSignal | undefined): void {
    const writer = destination.getWriter();
    const gone = () => this.#closed();
    this.#sink = {
      enqueue: (chunk) => void writer.write(chunk).then(() => this.#pull(), gone),
      close: () => void writer.close().catch(() => {}),
      error: (reason) => void writer.abort(reason).catch(() => {}),
    };
    if (signal?.aborted) gone();
    else signal?.addEventListener("abort", gone, { once: true });
    if (this.#state === "closed") this.#sink.error(cutError("gone"));
    else this.#pull();
  }

  #pull(): void {
    const chunk = this.#queue.shift();
    if (chunk === undefined) {
      this.#wanted = true;
      return;
    }
    this.#takenAt = this.#now();
    this.#bytes -= chunk.byteLength;
    this.#sink?.enqueue(chunk);
    if (this.#state === "ending" && this.#queue.length === 0) this.#finish();
    if (this.#bytes < limits.catchUpBytes) this.#release();
  }

  #finish(): void {
    this.#sink?.close();
    this.#closed();
  }

  #closed(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#queue = [];
    this.#bytes = 0;
    this.#release();
    this.#announce();
  }

  #announce(): void {
    const onClosed = this.#onClosed;
    this.#onClosed = null;
    onClosed?.();
  }

  #release(): void {
    const resolve = this.#drained;
    this.#drained = null;
    resolve?.();
  }
}

/** Named AbortError so that the web server takes it for a disconnect, not for a fault. */
function cutError(reason: CutReason): DOMException {
  return new DOMException(`stream cut: ${reason}`, "AbortError");
}

/**
 * A stream whose `pipeTo` resolves at once while the bytes go on flowing. Next's server waits for
 * that promise under some thirty pending calls, which would cost each open stream 40 kB and each
 * chunk a dozen promises. Whoever reads it in another way gets an ordinary stream.
 */
class DetachedStream extends ReadableStream<Uint8Array> {
  readonly #pipe: (destination: WritableStream<Uint8Array>, signal?: AbortSignal) => void;

  constructor(
    source: UnderlyingDefaultSource<Uint8Array>,
    pipe: (destination: WritableStream<Uint8Array>, signal?: AbortSignal) => void,
  ) {
    super(source, { highWaterMark: 0 });
    this.#pipe = pipe;
  }

  override pipeTo(
    destination: WritableStream<Uint8Array>,
    options?: StreamPipeOptions,
  ): Promise<void> {
    this.#pipe(destination, options?.signal);
    return Promise.resolve();
  }
}
