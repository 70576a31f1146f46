import { frameBytes } from "../frames/frame-text.ts";
import type { HubDeps } from "../job/job-streams.ts";
import { limits } from "../source/feed.ts";
import { ListChannel, type ListViewer } from "./list-channel.ts";

interface OpenList {
  channel: ListChannel;
  unlisten: () => void;
  closing: unknown;
}

/** The list channels of all users that are watching their jobs in this process. */
export class ListStreams {
  readonly #deps: HubDeps;
  readonly #lists = new Map<string, OpenList>();

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  /**
   * Registers the viewer, then reads its snapshot, so that no change falls between the two.
   * Rejects, with nothing sent, when the database does. Returns how to leave (twice is harmless).
   */
  async admit(viewer: ListViewer, userId: string): Promise<() => void> {
    const channel = this.#acquire(userId);
    channel.enter(viewer);
    try {
      const { total, jobs } = await this.#deps.feed.listJobs(userId, limits.snapshotJobs);
      channel.noteShown(jobs);
      const timestamp = new Date(this.#deps.clock.now()).toISOString();
      viewer.begin([
        frameBytes("connected", { timestamp }),
        frameBytes("snapshot", { jobs: jobs.map(({ job }) => job), total }),
      ]);
      return () => channel.leave(viewer);
    } catch (error) {
      channel.leave(viewer);
      throw error;
    }
  }

  heartbeat(timestamp: string): void {
    const chunk = frameBytes("heartbeat", { timestamp });
    for (const { channel } of this.#lists.values()) channel.heartbeat(chunk);
  }

  closeAll(): void {
    for (const [userId, open] of [...this.#lists]) this.#close(userId, open);
  }

  #acquire(userId: string): ListChannel {
    const known = this.#lists.get(userId);
    if (known) {
      this.#deps.clock.clearTimeout(known.closing);
      known.closing = null;
      return known.channel;
    }
    const { doorbell, clock, timing } = this.#deps;
    const channel: ListChannel = new ListChannel(userId, {
      ...this.#deps,
      onEmpty: () => {
        open.closing = clock.setTimeout(() => this.#close(userId, open), timing.graceMs);
      },
    });
    const open: OpenList = { channel, unlisten: () => {}, closing: null };
    this.#lists.set(userId, open);
    open.unlisten = doorbell.listen(`user:${userId}`, {
      onRing: (event, payload) => {
        if (event === "change") channel.ring(payload);
      },
      onJoined: () => channel.joined(),
    });
    return channel;
  }

  #close(userId: string, open: OpenList): void {
    this.#deps.clock.clearTimeout(open.closing);
    if (this.#lists.get(userId) === open) this.#lists.delete(userId);
    open.unlisten();
    open.channel.close();
  }
}
