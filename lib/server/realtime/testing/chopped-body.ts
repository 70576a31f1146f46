/** A response's body in transit: split into pieces, and broken on demand. */
export interface Answer {
  body: ReadableStream<Uint8Array>;
  /** What the server has sent so far, whole. */
  sent(): string;
  /** Lets so many more bytes through, then breaks the connection, maybe within a frame. */
  disconnectAfter(bytes: number): void;
  /** Nothing is read until the promise resolves. */
  pauseUntil(resumed: Promise<void>): void;
}

/** Megabytes in pieces of a byte or two would take minutes and show nothing new. */
const maxPieces = 20_000;

/** Passes a stream on in chunks of the given sizes, over and over. */
export function chopped(source: ReadableStream<Uint8Array>, sizes: number[]): Answer {
  const reader = source.getReader();
  let held: Uint8Array = new Uint8Array(0);
  const sent: Uint8Array[] = [];
  let turn = 0;
  let allowed = Number.POSITIVE_INFINITY;
  let broken: (() => void) | null = null;
  let paused: Promise<void> | null = null;

  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        broken = () => {
          controller.error(new Error("connection reset"));
          // The source may have been aborted already; its error does not matter to a broken connection.
          void reader.cancel().catch(() => {});
          broken = null;
        };
      },
      async pull(controller) {
        await paused;
        if (!broken) return;
        if (held.length === 0) {
          const { done, value } = await reader
            .read()
            .catch(() => ({ done: true, value: undefined }));
          if (!broken) return;
          if (done || !value) {
            controller.close();
            return;
          }
          held = value;
          sent.push(value);
        }
        const chosen = turn < maxPieces ? sizes[turn++ % sizes.length] : undefined;
        const size = Math.min(chosen ?? held.length, allowed);
        if (size > 0) controller.enqueue(held.subarray(0, size));
        held = held.subarray(size);
        allowed -= size;
        if (allowed === 0) broken?.();
      },
      cancel: () => reader.cancel(),
    },
    { highWaterMark: 0 },
  );
  return {
    body,
    sent: () => Buffer.concat(sent).toString("utf8"),
    pauseUntil(resumed) {
      paused = resumed;
    },
    disconnectAfter(bytes) {
      allowed = bytes;
      if (bytes === 0) broken?.();
    },
  };
}
