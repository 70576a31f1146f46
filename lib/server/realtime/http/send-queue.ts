import { createEncoder } from "../encoding/create-encoder.ts";
import type { StreamEncoder } from "../encoding/stream-encoder.ts";
import { limits } from "../source/feed.ts";

export type AbortReason = "slow_reader" | "stalled" | "disconnected";
/** `failed`: an error frame was the last one. */
export type CloseReason = AbortReason | "ended" | "failed";

/** Hears what one viewer is sent. */
export interface QueueTraffic {
  queued(frames: number): void;
  /** A chunk was taken: its bytes, and those that it was encoded to. */
  sent(bytes: number, encodedBytes: number): void;
}

/** Where a queue writes its chunks; it calls `pull` for each chunk it can take. */
interface Sink {
  enqueue(chunk: Uint8Array): void;
  /** Resolves once the consumer has taken everything. */
  close(): Promise<void>;
  error(reason: unknown): void;
}

interface SendQueueOptions {
  now: () => number;
  /** Runs once, however the stream ends: by `end`, by `abort`, or when the consumer leaves. */
  onClosed: (reason: CloseReason) => void;
  traffic?: QueueTraffic;
  /** Breaks the connection at once, with whatever it still holds. */
  disconnect?: (() => void) | undefined;
  /** Encodes chunks as they are taken, so that what waits is shared whatever its viewers accept. */
  encoder?: StreamEncoder;
}

/**
 * The chunks queued for one viewer. Chunks are kept by reference, so that one shared by a thousand
 * viewers exists once. Bytes count as unread, before compression, until the consumer has pulled them.
 */
export class SendQueue {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #now: () => number;
  readonly #disconnect: () => void;
  readonly #encoder: StreamEncoder;
  readonly #traffic: QueueTraffic | undefined;
  #onClosed: ((reason: CloseReason) => void) | null;
  #sink: Sink | undefined;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #pullPending = false;
  /** A chunk is being compressed; the next one is only taken after it. */
  #encoding = false;
  #state: "open" | "ending" | "finishing" | "closed" = "open";
  #lastTakenAt: number;
  #draining: (() => void)[] = [];

  constructor({
    now,
    onClosed,
    disconnect = () => {},
    encoder = createEncoder("identity"),
    traffic,
  }: SendQueueOptions) {
    this.#now = now;
    this.#onClosed = onClosed;
    this.#disconnect = disconnect;
    this.#encoder = encoder;
    this.#traffic = traffic;
    this.#lastTakenAt = now();
    this.stream = new DetachedStream(
      {
        start: (controller) => {
          this.#sink = {
            enqueue: (chunk) => controller.enqueue(chunk),
            close: async () => controller.close(),
            error: (reason) => controller.error(reason),
          };
        },
        pull: () => this.#pull(),
        cancel: () => this.#closed("disconnected"),
      },
      (destination, signal) => this.#pipe(destination, signal),
    );
  }

  get open(): boolean {
    return this.#state === "open";
  }

  /** Whether the stream was ended, but not everything has been read. */
  get ending(): boolean {
    return this.#state === "ending" || this.#state === "finishing";
  }

  get unreadBytes(): number {
    return this.#bytes;
  }

  /**
   * Sends or queues chunks that belong together and hold so many frames; a viewer with too much unread
   * is disconnected.
   */
  push(chunks: readonly Uint8Array[], frames = 1): void {
    if (this.#state !== "open") return;
    // Checked before adding: one row larger than the limit must still reach an attentive reader.
    if (!this.#pullPending && this.#bytes > limits.unreadBytes) {
      this.abort("slow_reader");
      return;
    }
    this.#traffic?.queued(frames);
    for (const chunk of chunks) this.#add(chunk);
  }

  #add(chunk: Uint8Array): void {
    if (this.#pullPending) {
      this.#pullPending = false;
      this.#lastTakenAt = this.#now();
      this.#send(chunk);
      return;
    }
    if (this.#chunks.length === 0) this.#lastTakenAt = this.#now();
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
  }

  /** Resolves when the queue has room for the next page, or the stream has closed; null: at once. */
  drained(): Promise<void> | null {
    if (this.#state !== "open" || this.#bytes < limits.catchUpBytes) return null;
    return new Promise((resolve) => {
      this.#draining.push(resolve);
    });
  }

  /** Whether a chunk has been queued unread for longer than `ms`. */
  stalledFor(ms: number): boolean {
    return this.#chunks.length > 0 && this.#now() - this.#lastTakenAt > ms;
  }

  /** Closes the stream once every queued chunk has been read. */
  end(reason: "ended" | "failed" = "ended"): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#notifyClosed(reason);
    this.#finishIfSent();
  }

  /** Breaks the stream at once; the client resumes from its cursor. */
  abort(reason: AbortReason): void {
    if (this.#state === "closed") return;
    this.#sink?.error(abortError(reason));
    // A stream that is aborted waits for the write in flight, which a client that reads nothing never takes.
    this.#disconnect();
    this.#closed(reason);
  }

  #pipe(destination: WritableStream<Uint8Array>, signal: AbortSignal | undefined): void {
    const writer = destination.getWriter();
    const onDisconnect = () => this.#closed("disconnected");
    this.#sink = {
      enqueue: (chunk) => void writer.write(chunk).then(() => this.#pull(), onDisconnect),
      close: () => writer.close().catch(() => {}),
      error: (reason) => void writer.abort(reason).catch(() => {}),
    };
    if (signal?.aborted) onDisconnect();
    else signal?.addEventListener("abort", onDisconnect, { once: true });
    if (this.#state === "closed") this.#sink.error(abortError("disconnected"));
    else this.#pull();
  }

  #pull(): void {
    const chunk = this.#chunks.shift();
    if (chunk === undefined) {
      this.#pullPending = true;
      return;
    }
    this.#lastTakenAt = this.#now();
    this.#bytes -= chunk.byteLength;
    this.#send(chunk);
    this.#finishIfSent();
    if (this.#bytes < limits.catchUpBytes) this.#resolveDrained();
  }

  #send(chunk: Uint8Array): void {
    this.#encoded(this.#encoder.encode(chunk), (bytes) => {
      this.#traffic?.sent(chunk.byteLength, bytes.byteLength);
      this.#sink?.enqueue(bytes);
    });
  }

  /** Uses what the encoder makes: at once, or when it is ready and the stream still there. */
  #encoded(made: Uint8Array | Promise<Uint8Array>, use: (bytes: Uint8Array) => void): void {
    if (made instanceof Uint8Array) {
      use(made);
      return;
    }
    this.#encoding = true;
    const onMade = (bytes: Uint8Array) => {
      this.#encoding = false;
      if (this.#state === "closed") return;
      use(bytes);
      this.#finishIfSent();
    };
    made.then(onMade, () => this.abort("disconnected"));
  }

  #finishIfSent(): void {
    if (this.#state !== "ending" || this.#chunks.length > 0 || this.#encoding) return;
    this.#state = "finishing";
    const close = () => void this.#sink?.close().then(() => this.#closed("ended"));
    const last = this.#encoder.end();
    if (last === null) close();
    else
      this.#encoded(last, (bytes) => {
        this.#sink?.enqueue(bytes);
        close();
      });
  }

  #closed(reason: CloseReason): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#encoder.close();
    this.#chunks = [];
    this.#bytes = 0;
    this.#resolveDrained();
    this.#notifyClosed(reason);
  }

  #notifyClosed(reason: CloseReason): void {
    const onClosed = this.#onClosed;
    this.#onClosed = null;
    onClosed?.(reason);
  }

  #resolveDrained(): void {
    const resolvers = this.#draining;
    this.#draining = [];
    for (const resolve of resolvers) resolve();
  }
}

/** Named AbortError so that the web server treats it as a disconnect, not as a fault. */
function abortError(reason: AbortReason): DOMException {
  return new DOMException(`stream aborted: ${reason}`, "AbortError");
}

/**
 * A stream whose `pipeTo` resolves at once while bytes keep flowing. Next's server awaits that
 * promise under some thirty pending calls, which would cost each open stream 40 kB and each chunk
 * a dozen promises. Read in any other way it is an ordinary stream.
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
