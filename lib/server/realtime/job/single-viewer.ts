import type { JobStatus } from "@signalbox/protocol/job/job";
import type { ErrorCode } from "@signalbox/protocol/wire/error";
import type { Chunk } from "../frames/chunk.ts";
import { bareForm } from "../frames/frame-form.ts";
import { SharedFrame } from "../frames/shared-frame.ts";
import { JobViewer } from "./job-viewer.ts";

/** The viewer of a stream of one job: the stream ends with the job. */
export class SingleViewer extends JobViewer {
  protected override readonly form = bareForm;

  override async takeTurn(step: () => Promise<void>): Promise<void> {
    await step();
    await this.queue.drained();
  }

  override heartbeat(plain: SharedFrame, marked: SharedFrame | null): void {
    this.send(marked ?? plain);
  }

  override markPosition(timestamp: string): void {
    this.send(new SharedFrame("heartbeat", { timestamp }, this.cursor));
  }

  override finish(status: JobStatus, timestamp: string): void {
    // A client that comes back with this cursor is answered that nothing more will come.
    if (!this.filter.plain) this.markPosition(timestamp);
    this.send(new SharedFrame("end", { status }));
    this.queue.end();
  }

  override leaveAtEnd(): void {
    this.queue.end();
  }

  override remove(): void {
    this.fail("not_found", "The run was deleted.");
  }

  override fail(code: ErrorCode, message: string): void {
    this.send(new SharedFrame("error", { code, message }));
    this.queue.end("failed");
  }

  /** Ends the stream without an error: the client reconnects with its cursor. */
  end(): void {
    this.queue.end();
  }

  protected override push({ bytes, count }: Chunk): void {
    this.queue.push([bytes], count);
  }
}
