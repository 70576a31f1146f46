import type { ErrorCode } from "@signalbox/protocol/error";
import type { Batch } from "../frames/batch.ts";
import { frameBytes } from "../frames/frame-text.ts";
import type { StreamFilter } from "../frames/stream-filter.ts";
import type { Outbox } from "../http/send-queue.ts";
import type { JobChannel } from "./job-channel.ts";

/** One reader of one job's stream. Every seq up to `cursor` has been put into its outbox. */
export class JobViewer {
  readonly userId: string;
  readonly jobId: string;
  readonly filter: StreamFilter;
  readonly outbox: Outbox;
  cursor = 0;
  /** The channel it belongs to now; another one after the job was deleted and created anew. */
  channel: JobChannel | null = null;
  /** Resumed without a snapshot: it gets the job as it stands once it has caught up. */
  wantsJob = false;

  constructor(userId: string, jobId: string, filter: StreamFilter, outbox: Outbox) {
    this.userId = userId;
    this.jobId = jobId;
    this.filter = filter;
    this.outbox = outbox;
  }

  /** Puts what it has not seen of a batch into the outbox; false when nothing passed its filter. */
  deliver(batch: Batch): boolean {
    if (batch.last <= this.cursor) return true;
    const chunk = batch.chunk(this.filter, this.cursor);
    this.cursor = batch.last;
    if (chunk) this.outbox.push(chunk);
    return chunk !== null;
  }

  /** Says why, then ends the stream. */
  fail(code: ErrorCode, message: string): void {
    this.outbox.push(frameBytes("error", { code, message }));
    this.outbox.end();
  }

  /** Ends the stream without a word: the client comes again with its cursor. */
  end(): void {
    this.outbox.end();
  }
}
