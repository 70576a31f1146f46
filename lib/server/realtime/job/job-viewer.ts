import type { JobStatus } from "@signalbox/protocol/job/job";
import { formatCursor } from "@signalbox/protocol/stream/cursor";
import type { ErrorCode } from "@signalbox/protocol/wire/error";
import type { Batch } from "../frames/batch.ts";
import type { Chunk } from "../frames/chunk.ts";
import type { FrameForm } from "../frames/frame-form.ts";
import type { SharedFrame } from "../frames/shared-frame.ts";
import type { StreamFilter } from "../frames/stream-filter.ts";
import type { SendQueue } from "../http/send-queue.ts";

/** A viewer's side of its channel. */
interface ViewerChannel {
  leave(viewer: JobViewer): void;
}

/** One viewer of one job. Every seq up to `seq` has been put into its queue. */
export abstract class JobViewer {
  readonly userId: string;
  readonly jobId: string;
  readonly filter: StreamFilter;
  readonly queue: SendQueue;
  #generation = "";
  seq = 0;
  /** The channel it belongs to; another one once the job was deleted and created again. */
  channel: ViewerChannel | null = null;
  /** Resumed without a snapshot: it gets the current job once it has caught up. */
  wantsJob = false;
  /** Whether it stays for rows to come; else it leaves once it has what is stored. */
  follows = true;
  protected abstract readonly form: FrameForm;

  constructor(userId: string, jobId: string, filter: StreamFilter, queue: SendQueue) {
    this.userId = userId;
    this.jobId = jobId;
    this.filter = filter;
    this.queue = queue;
  }

  /** Whether it still takes frames of this job. */
  get open(): boolean {
    return this.queue.open;
  }

  get cursor(): string {
    return formatCursor({ generation: this.#generation, seq: this.seq });
  }

  /** Starts the stream at a seq of the job as it was found. */
  begin(generation: string, seq: number): void {
    this.#generation = generation;
    this.seq = seq;
  }

  /** Runs a step that queues much; it resolves once there is room for the next one. */
  abstract takeTurn(step: () => Promise<void>): Promise<void>;

  /** Queues the part of a batch that it has not seen; false when nothing passed its filter. */
  deliver(batch: Batch): boolean {
    if (batch.last <= this.seq) return true;
    const chunk = batch.chunk(this.filter, this.seq, this.form);
    this.seq = batch.last;
    if (chunk) this.push(chunk);
    return chunk !== null;
  }

  /** Queues a frame of this job that is not a row. */
  send(frame: SharedFrame): void {
    this.push(frame.chunk(this.form));
  }

  /** The channel's heartbeat; `marked` carries the newest cursor, for a viewer that has caught up. */
  abstract heartbeat(plain: SharedFrame, marked: SharedFrame | null): void;

  /** Sends the client its cursor, as no row did. */
  abstract markPosition(timestamp: string): void;

  /** The job has ended and every row was delivered. */
  abstract finish(status: JobStatus, timestamp: string): void;

  /** Everything stored was delivered, and the stream is not to follow the job any further. */
  abstract leaveAtEnd(): void;

  /** The job was deleted. */
  abstract remove(): void;

  /** Sends an error frame, then ends the stream. */
  abstract fail(code: ErrorCode, message: string): void;

  protected abstract push(chunk: Chunk): void;
}
