import { frameBytes } from "../frames/frame-text.ts";
import type { HubDeps } from "../job/job-streams.ts";
import { limits, userTopic } from "../source/feed.ts";
import { ListChannel, type ListViewer } from "./list-channel.ts";

interface OpenList {
  channel: ListChannel;
  unsubscribe: () => void;
  closing: unknown;
}

/** The list channels of all users who watch their jobs in this process. */
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
  async attach(viewer: ListViewer, userId: string): Promise<() => void> {
    const channel = this.#acquire(userId);
    channel.join(viewer);
    try {
      const { total, jobs } = await this.#deps.feed.listJobs(userId, limits.snapshotJobs);
      channel.trackShown(jobs);
      const timestamp = new Date(this.#deps.clock.wallTime()).toISOString();
      viewer.open([
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
    const { notifier, clock, timing } = this.#deps;
    const channel: ListChannel = new ListChannel(userId, {
      ...this.#deps,
      onEmpty: () => {
        open.closing = clock.setTimeout(() => this.#close(userId, open), timing.graceMs);
      },
    });
    const open: OpenList = { channel, unsubscribe: () => {}, closing: null };
    this.#lists.set(userId, open);
    open.unsubscribe = notifier.subscribe(userTopic(userId), {
      onNotify: (event, payload) => {
        if (event === "change") channel.notify(payload);
      },
      onJoined: () => channel.resynchronize(),
    });
    return channel;
  }

  #close(userId: string, open: OpenList): void {
    this.#deps.clock.clearTimeout(open.closing);
    if (this.#lists.get(userId) === open) this.#lists.delete(userId);
    open.unsubscribe();
    open.channel.close();
  }
}
