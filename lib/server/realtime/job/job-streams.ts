import type { Command } from "@signalbox/protocol/job/command";
import { formatCursor, parseCursor } from "@signalbox/protocol/stream/cursor";
import { SharedReads } from "../../shared-reads.ts";
import { SharedFrame } from "../frames/shared-frame.ts";
import {
  type Clock,
  type HubTiming,
  type KeyedJob,
  limits,
  type Notifier,
  type StreamFeed,
  userTopic,
} from "../source/feed.ts";
import type { StreamInstruments, StreamStart } from "../stream-instruments.ts";
import { endedLongAgo, JobChannel, unavailable } from "./job-channel.ts";
import type { JobViewer } from "./job-viewer.ts";

export interface HubDeps {
  feed: StreamFeed;
  notifier: Notifier;
  clock: Clock;
  timing: HubTiming;
  instruments: StreamInstruments;
  log(message: string, error?: unknown): void;
}

type ResetReason = "malformed" | "generation" | "future";

interface OpenChannel {
  channel: JobChannel;
  unsubscribe: () => void;
  closing: unknown;
}

/** The result of `prepare`: all that can fail was read before the stream begins. */
export interface PreparedStream {
  loaded: KeyedJob;
  /** Frames that open the stream. */
  opening: SharedFrame[];
  seq: number;
  start: StreamStart;
  /** The run has ended, nothing more is expected, and the cursor is at its end. */
  over: boolean;
}

/** Consecutive failed reads of a page after which a viewer is disconnected with an error. */
const maxPageAttempts = 4;

/** The channels of all jobs watched in this process, and how viewers attach to them. */
export class JobStreams {
  readonly #deps: HubDeps;
  readonly #channels = new Map<number, OpenChannel>();
  // After a server restart all viewers of a run reconnect at once.
  readonly #jobs = new SharedReads<KeyedJob | null>();
  readonly #commands = new SharedReads<Command[]>();

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  /**
   * Reads all that can fail before a stream begins: the job, and a snapshot unless the cursor can be
   * resumed. Null: the user has no such job. Rejects when the database does.
   */
  async prepare(
    userId: string,
    jobId: string,
    cursor: string | null,
  ): Promise<PreparedStream | null> {
    const loaded = await this.#jobs.read(`${userId} ${jobId}`, () =>
      this.#deps.feed.getJob(userId, jobId),
    );
    if (!loaded) return null;
    const { job } = loaded;
    const { after, reset } = resumePoint(cursor, job);
    const opening = [
      new SharedFrame("connected", {
        jobId: job.id,
        generation: job.generation,
        last_seq: job.last_seq,
        timestamp: this.#time(),
      }),
    ];
    if (reset) {
      opening.push(new SharedFrame("reset", { reason: reset }));
      this.#deps.instruments.resets.add({ reason: reset });
    }
    if (after === null) opening.push(await this.#snapshot(loaded));
    const start = after !== null ? "resumed" : reset ? "reset" : "new";
    const over = after === job.last_seq && this.#isOver(loaded);
    return { loaded, opening, seq: after ?? job.last_seq, start, over };
  }

  /** Attaches a viewer: its opening frames, then the rows that it lacks, then the tail if it follows. */
  attach(viewer: JobViewer, prepared: PreparedStream): void {
    const channel = this.#acquire(viewer.userId, prepared.loaded);
    channel.join(viewer);
    channel.readUpTo(prepared.loaded.job.last_seq);
    void this.#serve(viewer, channel, prepared);
  }

  heartbeat(timestamp: string): void {
    for (const { channel } of this.#channels.values()) channel.heartbeat(timestamp);
  }

  closeAll(): void {
    for (const [key, open] of [...this.#channels]) this.#close(key, open);
  }

  /** Serves a viewer page by page, each once there is room for it, until it is in the tail or leaves. */
  async #serve(viewer: JobViewer, channel: JobChannel, prepared: PreparedStream): Promise<void> {
    const attached = () => viewer.open && viewer.channel === channel;
    const { job } = prepared.loaded;
    let opened = false;
    let atEnd = false;
    let done = false;
    let failures = 0;
    const serveNext = async () => {
      if (!attached()) return;
      if (!opened) this.#begin(viewer, prepared);
      opened = true;
      if (viewer.follows) done = channel.tryJoinTail(viewer);
      else if (atEnd || viewer.seq >= job.last_seq) {
        if (viewer.wantsJob) viewer.send(new SharedFrame("job", { job }));
        viewer.leaveAtEnd();
        done = true;
      }
      if (done) return;
      try {
        const batch = await channel.page(viewer);
        failures = 0;
        if (!attached()) return;
        atEnd = batch?.rows.length === 0;
        if (!batch) channel.invalidate();
        // No row of the page passed the filter: the client's cursor moves all the same.
        else if (!viewer.deliver(batch)) viewer.markPosition(this.#time());
      } catch (error) {
        this.#deps.log("a page of a job's stream could not be read", error);
        failures += 1;
        if (failures >= maxPageAttempts) viewer.fail("backend_unavailable", unavailable);
        await this.#sleep(125 * 2 ** failures);
      }
    };
    while (attached() && !done) await viewer.takeTurn(serveNext);
  }

  #begin(viewer: JobViewer, { loaded, seq, opening, start }: PreparedStream): void {
    viewer.begin(loaded.job.generation, seq);
    for (const frame of opening) viewer.send(frame);
    viewer.wantsJob = start === "resumed" && viewer.filter.plain;
  }

  /** An ended run is over once a channel has found it quiet, or long after. */
  #isOver({ key, job }: KeyedJob): boolean {
    if (endedLongAgo(job, this.#deps.clock.wallTime())) return true;
    const channel = this.#channels.get(key)?.channel;
    return channel?.generation === job.generation && channel.isOverAt(job.last_seq);
  }

  async #snapshot(loaded: KeyedJob): Promise<SharedFrame> {
    const { key, job } = loaded;
    const commands = await this.#commands.read(String(key), () =>
      this.#deps.feed.listCommands(key, limits.snapshotCommands),
    );
    const cursor = formatCursor({ generation: job.generation, seq: job.last_seq });
    return new SharedFrame("snapshot", { job, commands }, cursor);
  }

  #acquire(userId: string, loaded: KeyedJob): JobChannel {
    const known = this.#channels.get(loaded.key);
    if (known && known.channel.generation === loaded.job.generation) {
      this.#deps.clock.clearTimeout(known.closing);
      known.closing = null;
      return known.channel;
    }
    if (known) known.channel.invalidate();
    return this.#open(userId, loaded);
  }

  #open(userId: string, loaded: KeyedJob): JobChannel {
    const { key } = loaded;
    const { notifier, clock, timing } = this.#deps;
    const channel: JobChannel = new JobChannel(userId, loaded, {
      ...this.#deps,
      onInvalidated: (viewers) => {
        this.#forget(key, open);
        for (const viewer of viewers) void this.#reattach(viewer);
      },
      onEmpty: () => {
        open.closing = clock.setTimeout(() => this.#close(key, open), timing.graceMs);
      },
    });
    const open: OpenChannel = { channel, unsubscribe: () => {}, closing: null };
    this.#channels.set(key, open);
    open.unsubscribe = notifier.subscribe(userTopic(userId), {
      jobKey: key,
      onNotify: (_event, { last_seq, removed }) => {
        const known = typeof last_seq === "number" && removed !== true;
        channel.notify(known ? last_seq : undefined);
      },
      onJoined: () => channel.notify(),
    });
    return channel;
  }

  /** The job was deleted, and maybe created again: fail, or reset and start from a snapshot. */
  async #reattach(viewer: JobViewer): Promise<void> {
    try {
      const prepared = await this.prepare(viewer.userId, viewer.jobId, null);
      if (!viewer.open) return;
      if (!prepared) {
        viewer.remove();
        return;
      }
      const reset = new SharedFrame("reset", { reason: "generation" satisfies ResetReason });
      this.attach(viewer, { ...prepared, opening: [reset, ...prepared.opening.slice(1)] });
    } catch (error) {
      this.#deps.log("a viewer could not be attached again", error);
      viewer.fail("backend_unavailable", unavailable);
    }
  }

  #forget(key: number, open: OpenChannel): void {
    this.#deps.clock.clearTimeout(open.closing);
    open.unsubscribe();
    if (this.#channels.get(key) === open) this.#channels.delete(key);
  }

  #close(key: number, open: OpenChannel): void {
    this.#forget(key, open);
    open.channel.close();
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#deps.clock.setTimeout(resolve, ms);
    });
  }

  #time(): string {
    return new Date(this.#deps.clock.wallTime()).toISOString();
  }
}

/** The seq to resume after; null: start from a snapshot, after a `reset` if a reason is given. */
function resumePoint(
  cursor: string | null,
  job: { generation: string; last_seq: number },
): { after: number | null; reset: ResetReason | null } {
  if (cursor === null) return { after: null, reset: null };
  const parsed = parseCursor(cursor);
  if (!parsed) return { after: null, reset: "malformed" };
  if (parsed.generation !== job.generation) return { after: null, reset: "generation" };
  if (parsed.seq > job.last_seq) return { after: null, reset: "future" };
  return { after: parsed.seq, reset: null };
}
