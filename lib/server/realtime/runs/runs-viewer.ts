import { formatRunsCursor } from "@signalbox/protocol/stream/runs-stream";
import type { ErrorCode } from "@signalbox/protocol/wire/error";
import type { Chunk } from "../frames/chunk.ts";
import { frameBytes, toBytes } from "../frames/frame-text.ts";
import type { StreamFilter } from "../frames/stream-filter.ts";
import type { Revocable } from "../http/credential-watch.ts";
import type { SendQueue } from "../http/send-queue.ts";
import { RunViewer } from "./run-viewer.ts";

/** The viewer of a stream of several runs: a viewer for each of them, one queue for all. */
export class RunsViewer implements Revocable {
  readonly userId: string;
  readonly queue: SendQueue;
  readonly runs: readonly RunViewer[];
  #turns = Promise.resolve();

  /** `runs`: ids, each with the cursor that the client came with. */
  constructor(
    userId: string,
    runs: readonly { id: string; cursor: string | null }[],
    filter: StreamFilter,
    queue: SendQueue,
  ) {
    this.userId = userId;
    this.queue = queue;
    this.runs = runs.map(({ id, cursor }) => new RunViewer(this, id, filter, cursor));
  }

  /** The cursor of all runs: every row up to it has been put into the queue. */
  get cursor(): string {
    return formatRunsCursor(
      this.runs.flatMap(({ jobId, clientCursor }) =>
        clientCursor === null ? [] : [[jobId, clientCursor] as const],
      ),
    );
  }

  /** Queues frames of one run; the cursor goes with the last of them, never ahead of a row. */
  push({ bytes, count, head, last, movesCursor }: Chunk): void {
    if (!movesCursor) {
      this.queue.push([bytes], count);
      return;
    }
    const id = toBytes(`id: ${this.cursor}\n`);
    if (head.byteLength === 0) this.queue.push([id, last], count);
    else this.queue.push([head, id, last], count);
  }

  heartbeat(timestamp: string): void {
    this.queue.push([frameBytes("heartbeat", { timestamp }, this.cursor || undefined)]);
  }

  sendRemoved(run: string): void {
    this.queue.push([frameBytes("removed", { run })]);
  }

  /** One run at a time queues its past, so that the runs together stay within the queue's limit. */
  takeTurn(step: () => Promise<void>): Promise<void> {
    this.#turns = this.#turns.then(async () => {
      await step();
      await this.queue.drained();
    });
    return this.#turns;
  }

  /** Ends the stream once every run is over. */
  endIfOver(): void {
    if (this.runs.every(({ over }) => over)) this.end();
  }

  fail(code: ErrorCode, message: string): void {
    this.queue.push([frameBytes("error", { code, message })]);
    this.queue.end("failed");
  }

  end(): void {
    this.queue.end();
  }
}
