import type { Command } from "@signalbox/protocol/command";
import { formatCursor, parseCursor } from "@signalbox/protocol/stream";
import { SharedReads } from "../../shared-reads.ts";
import type { Batch } from "../frames/batch.ts";
import { frameBytes } from "../frames/frame-text.ts";
import {
  type Clock,
  type Doorbell,
  type HubTiming,
  type KeyedJob,
  limits,
  type StreamFeed,
} from "../source/feed.ts";
import { JobChannel } from "./job-channel.ts";
import type { JobViewer } from "./job-viewer.ts";

export interface HubDeps {
  feed: StreamFeed;
  doorbell: Doorbell;
  clock: Clock;
  timing: HubTiming;
  log(message: string, error?: unknown): void;
}

export type ResetReason = "malformed" | "generation" | "future";

interface OpenChannel {
  channel: JobChannel;
  unlisten: () => void;
  closing: unknown;
}

/** What `prime` found out before the stream begins. */
export interface Primed {
  loaded: KeyedJob;
  /** Frames that open the stream. */
  opening: Uint8Array[];
  cursor: number;
  resumed: boolean;
}

/** The channels of all jobs that are being watched in this process, and who is let in how. */
export class JobStreams {
  readonly #deps: HubDeps;
  readonly #channels = new Map<number, OpenChannel>();
  // All viewers of a run come at once where a server has been restarted.
  readonly #jobs = new SharedReads<KeyedJob | null>();
  readonly #commands = new SharedReads<Command[]>();

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  get channelCount(): number {
    return this.#channels.size;
  }

  /**
   * Reads all that can fail before a stream begins: the job, and the snapshot where the cursor
   * cannot be resumed from. Null: the user has no such job. Rejects when the database does.
   */
  async prime(userId: string, jobId: string, cursor: string | null): Promise<Primed | null> {
    const loaded = await this.#jobs.read(`${userId} ${jobId}`, () =>
      this.#deps.feed.getJob(userId, jobId),
    );
    if (!loaded) return null;
    const { job } = loaded;
    const { after, reset } = resumePoint(cursor, job);
    const opening = [
      frameBytes("connected", {
        jobId: job.id,
        generation: job.generation,
        last_seq: job.last_seq,
        timestamp: this.#time(),
      }),
    ];
    if (reset) opening.push(frameBytes("reset", { reason: reset }));
    if (after === null) opening.push(await this.#snapshot(loaded));
    return { loaded, opening, cursor: after ?? job.last_seq, resumed: after !== null };
  }

  /** Lets a viewer in: what opens its stream, then all that it lacks, then the tail. */
  admit(viewer: JobViewer, primed: Primed): void {
    for (const chunk of primed.opening) viewer.outbox.push(chunk);
    viewer.cursor = primed.cursor;
    viewer.wantsJob = primed.resumed && viewer.filter.plain;
    const channel = this.#acquire(viewer.userId, primed.loaded);
    channel.enter(viewer);
    channel.note(primed.loaded.job.last_seq);
    void this.#catchUp(viewer, channel);
  }

  heartbeat(timestamp: string): void {
    for (const { channel } of this.#channels.values()) channel.heartbeat(timestamp);
  }

  closeAll(): void {
    for (const [key, open] of [...this.#channels]) this.#close(key, open);
  }

  async #catchUp(viewer: JobViewer, channel: JobChannel): Promise<void> {
    const here = () => viewer.outbox.open && viewer.channel === channel;
    for (let failures = 0; here(); ) {
      if (channel.tryJoin(viewer)) return;
      let batch: Batch | null;
      try {
        batch = await channel.page(viewer.cursor);
        failures = 0;
      } catch (error) {
        this.#deps.log("a page of a job's stream could not be read", error);
        failures += 1;
        if (failures >= 4) viewer.fail("backend_unavailable", "The database does not answer.");
        await this.#sleep(125 * 2 ** failures);
        continue;
      }
      if (!here()) return;
      if (!batch) {
        channel.gone();
        return;
      }
      // Nothing of the page passed the filter: say how far the reader has come all the same.
      if (!viewer.deliver(batch)) viewer.outbox.push(this.#progressMark(channel, viewer.cursor));
      await viewer.outbox.drained();
    }
  }

  #progressMark(channel: JobChannel, seq: number): Uint8Array {
    const id = formatCursor({ generation: channel.generation, seq });
    return frameBytes("heartbeat", { timestamp: this.#time() }, id);
  }

  async #snapshot(loaded: KeyedJob): Promise<Uint8Array> {
    const { key, job } = loaded;
    const commands = await this.#commands.read(String(key), () =>
      this.#deps.feed.listCommands(key, limits.snapshotCommands),
    );
    const id = formatCursor({ generation: job.generation, seq: job.last_seq });
    return frameBytes("snapshot", { job, commands }, id);
  }

  #acquire(userId: string, loaded: KeyedJob): JobChannel {
    const known = this.#channels.get(loaded.key);
    if (known && known.channel.generation === loaded.job.generation) {
      this.#deps.clock.clearTimeout(known.closing);
      known.closing = null;
      return known.channel;
    }
    if (known) known.channel.gone();
    return this.#open(userId, loaded);
  }

  #open(userId: string, loaded: KeyedJob): JobChannel {
    const { key } = loaded;
    const { doorbell, clock, timing } = this.#deps;
    const channel: JobChannel = new JobChannel(userId, loaded, {
      ...this.#deps,
      onGone: (members) => {
        this.#forget(key, open);
        for (const viewer of members) void this.#readmit(viewer);
      },
      onEmpty: () => {
        open.closing = clock.setTimeout(() => this.#close(key, open), timing.graceMs);
      },
    });
    const open: OpenChannel = { channel, unlisten: () => {}, closing: null };
    this.#channels.set(key, open);
    open.unlisten = doorbell.listen(`job:${key}`, {
      onRing: (_event, payload) => {
        const seq = payload.last_seq;
        channel.ring(typeof seq === "number" ? seq : undefined);
      },
      onJoined: () => channel.ring(),
    });
    return channel;
  }

  /** The job behind a viewer is gone or began anew: say so, and start from a snapshot if any. */
  async #readmit(viewer: JobViewer): Promise<void> {
    try {
      const primed = await this.prime(viewer.userId, viewer.jobId, null);
      if (!viewer.outbox.open) return;
      if (!primed) {
        viewer.fail("not_found", "There is no such job any more.");
        return;
      }
      const reset = frameBytes("reset", { reason: "generation" satisfies ResetReason });
      this.admit(viewer, { ...primed, opening: [reset, ...primed.opening.slice(1)] });
    } catch (error) {
      this.#deps.log("a viewer could not be let in again", error);
      viewer.fail("backend_unavailable", "The database does not answer. Reconnect to resume.");
    }
  }

  #forget(key: number, open: OpenChannel): void {
    this.#deps.clock.clearTimeout(open.closing);
    open.unlisten();
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
    return new Date(this.#deps.clock.now()).toISOString();
  }
}

/** Where a cursor lets a stream resume; null: from a snapshot, after a reset if there was one. */
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
