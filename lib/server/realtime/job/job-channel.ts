import type { Job, JobStatus } from "@signalbox/protocol/job/job";
import { isTerminal } from "@signalbox/protocol/job/job-status";
import { formatCursor } from "@signalbox/protocol/stream/cursor";
import { Batch } from "../frames/batch.ts";
import { SharedFrame } from "../frames/shared-frame.ts";
import {
  type Clock,
  type HubTiming,
  type KeyedJob,
  limits,
  type StreamFeed,
  type StreamPage,
} from "../source/feed.ts";
import type { StreamInstruments } from "../stream-instruments.ts";
import { JobRefresher } from "./job-refresher.ts";
import type { JobViewer } from "./job-viewer.ts";
import { ReadLoop } from "./read-loop.ts";
import type { ReadOutcome } from "./read-state.ts";
import { RecentBatches } from "./recent-batches.ts";

export interface ChannelDeps {
  feed: StreamFeed;
  clock: Clock;
  timing: HubTiming;
  instruments: StreamInstruments;
  /** The job was deleted, and maybe created again: every viewer has to be attached again. */
  onInvalidated(viewers: JobViewer[]): void;
  /** The last viewer has left. */
  onEmpty(): void;
  log(message: string, error?: unknown): void;
}

/** Consecutive failed reads after which viewers are disconnected with an error. */
const maxReadAttempts = 4;

/** What a viewer is told when the database cannot be read. */
export const unavailable = "The database is not responding. Reconnect to resume.";

/** A job that ended longer ago than this is over at once: clocks differ by less. */
const longAgoMs = 60_000;

/** Whether a job ended so long ago that no late row is to be expected. */
export function endedLongAgo(job: Job, now: number): boolean {
  return isTerminal(job.status) && now - Date.parse(job.updated_at) > longAgoMs;
}

/**
 * One job's live tail in this process: a notification leads to one read after `position`, one
 * serialisation, and delivery by reference to every viewer that has caught up.
 */
export class JobChannel {
  readonly key: number;
  readonly generation: string;
  readonly #userId: string;
  readonly #jobId: string;
  readonly #deps: ChannelDeps;
  readonly #loop: ReadLoop;
  readonly #refresher: JobRefresher;
  readonly #recent = new RecentBatches();
  readonly #viewers = new Set<JobViewer>();
  readonly #tail = new Set<JobViewer>();
  readonly #pages = new Map<string, Promise<Batch | null>>();
  /** Rows up to this seq have been read and handed to the tail. */
  #position: number;
  #status: JobStatus;
  #quietSince: number;
  /** When the oldest notification came whose rows are still to be read. */
  #notifiedAt: number | null = null;

  constructor(userId: string, { key, job }: KeyedJob, deps: ChannelDeps) {
    this.key = key;
    this.generation = job.generation;
    this.#userId = userId;
    this.#jobId = job.id;
    this.#deps = deps;
    this.#position = job.last_seq;
    this.#status = job.status;
    const now = deps.clock.now();
    const over = endedLongAgo(job, deps.clock.wallTime());
    this.#quietSince = over ? now - deps.timing.drainMs : now;
    this.#refresher = new JobRefresher(job, deps.clock, deps.timing.refreshMs, () =>
      this.#refresh(),
    );
    this.#loop = new ReadLoop({
      clock: deps.clock,
      timing: deps.timing,
      read: () => this.#read(),
      idleMs: () => this.#idleMs(),
      onOver: () => {
        for (const viewer of [...this.#tail]) viewer.finish(this.#status, this.#time());
      },
      onFailed: (error, failures) => this.#failed(error, failures),
    });
  }

  get #closed(): boolean {
    return this.#loop.state === "closed";
  }

  /** Whether the job has ended, every row was read, and this is the last one's seq. */
  isOverAt(seq: number): boolean {
    return this.#loop.state === "over" && seq === this.#position;
  }

  join(viewer: JobViewer): void {
    viewer.channel = this;
    this.#viewers.add(viewer);
  }

  /** May run twice. */
  leave(viewer: JobViewer): void {
    this.#tail.delete(viewer);
    if (this.#viewers.delete(viewer) && this.#viewers.size === 0) this.#deps.onEmpty();
  }

  /** A notification or a join: the job has rows up to `lastSeq`, or maybe more. */
  notify(lastSeq?: number): void {
    if (lastSeq !== undefined && lastSeq <= this.#position) {
      this.#refresher.schedule();
      return;
    }
    if (lastSeq !== undefined) this.#notifiedAt ??= this.#deps.clock.now();
    this.#loop.notify();
  }

  /** The job was seen at this seq: read on if the tail is behind it. */
  readUpTo(lastSeq: number): void {
    if (lastSeq > this.#position) this.notify(lastSeq);
  }

  /**
   * Adds a viewer to the tail if recent batches hold all that it lacks; from then on it misses
   * nothing. A viewer ahead of the tail joins too: it skips what it has.
   */
  tryJoinTail(viewer: JobViewer): boolean {
    if (viewer.seq < this.#position) {
      const batches = this.#recent.after(viewer.seq);
      if (!batches?.every((batch) => batch.serves(viewer.filter))) return false;
      for (const batch of batches) viewer.deliver(batch);
      viewer.seq = this.#position;
    }
    this.#tail.add(viewer);
    this.readUpTo(viewer.seq);
    if (viewer.wantsJob) this.#refresher.schedule();
    if (this.#loop.state === "over") viewer.finish(this.#status, this.#time());
    return true;
  }

  /** The next page for a viewer that is behind; requests for the same page share one read. */
  page({ seq, filter }: JobViewer): Promise<Batch | null> {
    const predictions = filter.needsPredictions;
    const key = `${seq} ${predictions}`;
    const known = this.#pages.get(key);
    if (known) return known;
    const page = this.#readPage(seq, predictions).finally(() => this.#pages.delete(key));
    this.#pages.set(key, page);
    return page;
  }

  async #readPage(after: number, predictions: boolean): Promise<Batch | null> {
    const through = this.#position;
    const page = await this.#readStream(after, predictions);
    if (!page || page.generation !== this.generation) return null;
    this.readUpTo(page.last_seq);
    return new Batch(page.generation, after, page.rows, null, { through, predictions });
  }

  #readStream(after: number, predictions: boolean): Promise<StreamPage | null> {
    const { pageRows: limit, pageBytes: maxBytes } = limits;
    return this.#deps.feed.readStream(this.key, { after, limit, maxBytes, predictions });
  }

  /** Viewers that have caught up get the tail's position as the heartbeat's id. */
  heartbeat(timestamp: string): void {
    const plain = new SharedFrame("heartbeat", { timestamp });
    const cursor = formatCursor({ generation: this.generation, seq: this.#position });
    const marked = new SharedFrame("heartbeat", { timestamp }, cursor);
    for (const viewer of [...this.#viewers]) {
      if (viewer.queue.stalledFor(this.#deps.timing.stalledMs)) viewer.queue.abort("stalled");
      const caughtUp = this.#tail.has(viewer) && viewer.seq === this.#position;
      viewer.heartbeat(plain, caughtUp ? marked : null);
    }
  }

  /** Stops reading; viewers stay attached. May run twice. */
  close(): void {
    this.#loop.close();
    this.#refresher.stop();
  }

  /** The job turned out to be deleted, or created again under its id. */
  invalidate(): void {
    if (this.#closed) return;
    this.close();
    const viewers = [...this.#viewers];
    this.#viewers.clear();
    this.#tail.clear();
    for (const viewer of viewers) viewer.channel = null;
    this.#deps.onInvalidated(viewers);
  }

  /** Time until the next poll, or until a terminal job can be found to be over. */
  #idleMs(): number {
    const { clock, timing } = this.#deps;
    if (!isTerminal(this.#status)) return timing.pollMs;
    return Math.min(timing.pollMs, Math.max(1, this.#quietSince + timing.drainMs - clock.now()));
  }

  async #read(): Promise<ReadOutcome> {
    const startedAt = this.#deps.clock.now();
    const notifiedAt = this.#notifiedAt;
    this.#notifiedAt = null;
    const needsPredictions = ({ filter }: JobViewer) => filter.needsPredictions;
    const predictions = [...this.#viewers].some(needsPredictions);
    const page = await this.#readStream(this.#position, predictions);
    if (this.#closed) return "caught_up";
    if (!page || page.generation !== this.generation) {
      this.invalidate();
      return "caught_up";
    }
    const rows = page.rows.filter((row) => row.seq > this.#position);
    if (rows.length === 0) return this.#isSettled(startedAt) ? "settled" : "caught_up";
    const job = await this.#jobFor(rows.some((row) => row.stream === "status"));
    if (this.#closed) return "caught_up";
    const batch = new Batch(page.generation, this.#position, rows, job, { predictions });
    // A viewer that joined during the read may need more than was read.
    if ([...this.#tail].some(({ filter }) => !batch.serves(filter))) return "more";
    this.#fanOut(batch);
    if (notifiedAt !== null) {
      const waited = (this.#deps.clock.now() - notifiedAt) / 1000;
      this.#deps.instruments.notifyToFrame.observe({}, waited);
    }
    return this.#position < page.last_seq ? "more" : "caught_up";
  }

  /** The job that a status frame carries; the frame is complete enough without it. */
  async #jobFor(hasStatus: boolean): Promise<Job | null> {
    if (!hasStatus) return null;
    try {
      const loaded = await this.#deps.feed.getJob(this.#userId, this.#jobId);
      if (loaded?.key !== this.key) return null;
      this.#refresher.apply(loaded.job);
      return loaded.job;
    } catch (error) {
      this.#deps.log("a status frame is sent without its job", error);
      return null;
    }
  }

  #fanOut(batch: Batch): void {
    this.#position = batch.last;
    this.#quietSince = this.#deps.clock.now();
    for (const row of batch.rows) {
      if (row.stream === "status") this.#status = row.payload.to as JobStatus;
    }
    for (const viewer of [...this.#tail]) viewer.deliver(batch);
    this.#recent.add(batch);
    this.#refresher.schedule();
  }

  /** Whether a read that found nothing shows that the job is over: terminal and quiet for long enough. */
  #isSettled(readStartedAt: number): boolean {
    return (
      isTerminal(this.#status) && readStartedAt >= this.#quietSince + this.#deps.timing.drainMs
    );
  }

  #refresh(): void {
    const wanting = [...this.#tail].filter((viewer) => viewer.filter.plain);
    if (this.#closed || wanting.length === 0) return;
    this.#deps.feed.getJob(this.#userId, this.#jobId).then(
      (loaded) => {
        if (this.#closed) return;
        if (loaded?.key !== this.key || loaded.job.generation !== this.generation) {
          this.invalidate();
          return;
        }
        const frame = this.#refresher.apply(loaded.job);
        for (const viewer of wanting) {
          if (viewer.wantsJob) viewer.send(new SharedFrame("job", { job: loaded.job }));
          else if (frame) viewer.send(frame);
          viewer.wantsJob = false;
        }
      },
      (error) => this.#deps.log("the job could not be refreshed", error),
    );
  }

  #time(): string {
    return new Date(this.#deps.clock.wallTime()).toISOString();
  }

  #failed(error: unknown, failures: number): void {
    this.#deps.log("the job's stream could not be read", error);
    if (failures < maxReadAttempts) return;
    for (const viewer of [...this.#viewers]) {
      viewer.fail("backend_unavailable", unavailable);
    }
  }
}
