import type { ErrorCode } from "@signalbox/protocol/error";
import type { Batch } from "../frames/batch.ts";
import { frameBytes } from "../frames/frame-text.ts";
import type { StreamFilter } from "../frames/stream-filter.ts";
import type { SendQueue } from "../http/send-queue.ts";
import type { JobChannel } from "./job-channel.ts";

/** One viewer of one job's stream. Every seq up to `cursor` has been put into its queue. */
export class JobViewer {
  readonly userId: string;
  readonly jobId: string;
  readonly filter: StreamFilter;
  readonly queue: SendQueue;
  cursor = 0;
  /** The channel it belongs to; another one once the job was deleted and created again. */
  channel: JobChannel | null = null;
  /** Resumed without a snapshot: it gets the current job once it has caught up. */
  wantsJob = false;

  constructor(userId: string, jobId: string, filter: StreamFilter, queue: SendQueue) {
    this.userId = userId;
    this.jobId = jobId;
    this.filter = filter;
    this.queue = queue;
  }

  /** Queues the part of a batch that it has not seen; false when nothing passed its filter. */
  deliver(batch: Batch): boolean {
    if (batch.last <= this.cursor) return true;
    const chunk = batch.chunk(this.filter, this.cursor);
    this.cursor = batch.last;
    if (chunk) this.queue.push(chunk);
    return chunk !== null;
  }

  /** Sends an error frame, then ends the stream. */
  fail(code: ErrorCode, message: string): void {
    this.queue.push(frameBytes("error", { code, message }));
    this.queue.end();
  }

  /** Ends the stream without an error: the client reconnects with its cursor. */
  end(): void {
    this.queue.end();
  }
}
