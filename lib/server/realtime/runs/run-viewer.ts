import type { JobStatus } from "@signalbox/protocol/job/job";
import type { ErrorCode } from "@signalbox/protocol/wire/error";
import type { Chunk } from "../frames/chunk.ts";
import { type FrameForm, namedForm } from "../frames/frame-form.ts";
import { SharedFrame } from "../frames/shared-frame.ts";
import type { StreamFilter } from "../frames/stream-filter.ts";
import type { SendQueue } from "../http/send-queue.ts";
import { JobViewer } from "../job/job-viewer.ts";

/** The stream of several runs, as one of them uses it. */
interface RunsStream {
  readonly userId: string;
  readonly queue: SendQueue;
  push(chunk: Chunk): void;
  takeTurn(step: () => Promise<void>): Promise<void>;
  heartbeat(timestamp: string): void;
  sendRemoved(run: string): void;
  fail(code: ErrorCode, message: string): void;
  endIfOver(): void;
}

/** One run's part in a stream of several: its frames name it, and its end ends nothing else. */
export class RunViewer extends JobViewer {
  readonly #stream: RunsStream;
  /** The cursor that the client came with. */
  readonly #given: string | null;
  protected override readonly form: FrameForm;
  #begun = false;
  #over = false;

  constructor(stream: RunsStream, jobId: string, filter: StreamFilter, given: string | null) {
    super(stream.userId, jobId, filter, stream.queue);
    this.#stream = stream;
    this.#given = given;
    this.form = namedForm(jobId);
  }

  override get open(): boolean {
    return super.open && !this.#over;
  }

  /** The client has been sent all that this stream has of the run. */
  get over(): boolean {
    return this.#over;
  }

  /** What the client would have to resume this run with; null before its snapshot. */
  get clientCursor(): string | null {
    return this.#begun ? this.cursor : this.#given;
  }

  override begin(generation: string, seq: number): void {
    super.begin(generation, seq);
    this.#begun = true;
  }

  override takeTurn(step: () => Promise<void>): Promise<void> {
    return this.#stream.takeTurn(step);
  }

  /** The stream has one heartbeat for all its runs. */
  override heartbeat(): void {}

  override markPosition(timestamp: string): void {
    this.#stream.heartbeat(timestamp);
  }

  override finish(status: JobStatus): void {
    this.send(new SharedFrame("end", { status }));
    this.#leave();
  }

  override leaveAtEnd(): void {
    this.#leave();
  }

  override remove(): void {
    this.#stream.sendRemoved(this.jobId);
    this.#leave();
  }

  override fail(code: ErrorCode, message: string): void {
    this.#stream.fail(code, message);
  }

  protected override push(chunk: Chunk): void {
    this.#stream.push(chunk);
  }

  #leave(): void {
    this.#over = true;
    this.channel?.leave(this);
    this.#stream.endIfOver();
  }
}
