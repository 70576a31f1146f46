import type { StreamFilter } from "./frames/stream-filter.ts";
import { CredentialWatch, type StreamCredential } from "./http/credential-watch.ts";
import { Outbox } from "./http/send-queue.ts";
import { type HubDeps, JobStreams } from "./job/job-streams.ts";
import { JobViewer } from "./job/job-viewer.ts";
import { ListViewer } from "./list/list-channel.ts";
import { ListStreams } from "./list/list-streams.ts";
import {
  type Clock,
  type Doorbell,
  defaultTiming,
  type HubTiming,
  type StreamFeed,
  systemClock,
} from "./source/feed.ts";

export interface StreamRequest {
  userId: string;
  credential: StreamCredential;
  /** Aborted when the client has gone. */
  signal?: AbortSignal;
}

export interface JobStreamRequest extends StreamRequest {
  jobId: string;
  /** `Last-Event-ID` or `?after=`; null for a stream from a snapshot. */
  cursor: string | null;
  filter: StreamFilter;
}

export interface StreamHub {
  /** The job's stream, or null where the user has no such job. Rejects before anything is sent. */
  openJob(request: JobStreamRequest): Promise<ReadableStream<Uint8Array> | null>;
  /** The stream of all the user's jobs. Rejects before anything is sent. */
  openList(request: StreamRequest): Promise<ReadableStream<Uint8Array>>;
  stats(): { viewers: number; channels: number };
  /** Ends every stream at once and takes no new one; clients resume elsewhere by their cursor. */
  shutdown(): void;
}

/** Thrown for a stream that is asked for after `shutdown`. */
export class HubClosedError extends Error {
  override readonly name = "HubClosedError";
}

export interface HubOptions {
  feed: StreamFeed;
  /** Shared subscriptions (`Bells`): the hub listens to one topic from several places. */
  doorbell: Doorbell;
  clock?: Clock;
  timing?: Partial<HubTiming>;
  log?: (message: string, error?: unknown) => void;
}

/** Live streams of one process: database in, server-sent events out. See README.md beside. */
export function createStreamHub(options: HubOptions): StreamHub {
  const clock = options.clock ?? systemClock;
  const timing = { ...defaultTiming, ...options.timing };
  const log = options.log ?? (() => {});
  const { feed, doorbell } = options;
  const deps: HubDeps = { feed, doorbell, clock, timing, log };
  const jobs = new JobStreams(deps);
  const lists = new ListStreams(deps);
  const credentials = new CredentialWatch(doorbell, log);
  const outboxes = new Set<Outbox>();
  let beating: unknown = null;
  let closed = false;

  const beat = () => {
    beating = null;
    if (outboxes.size === 0) return;
    const timestamp = new Date(clock.now()).toISOString();
    jobs.heartbeat(timestamp);
    lists.heartbeat(timestamp);
    credentials.checkAll();
    beating = clock.setTimeout(beat, timing.heartbeatMs);
  };

  /** An outbox with its clean-up: what is acquired for a viewer is given back when it closes. */
  const openOutbox = (signal: AbortSignal | undefined) => {
    if (closed) throw new HubClosedError("the server is stopping");
    const releases: (() => void)[] = [];
    const onAbort = () => outbox.cut("gone");
    const outbox = new Outbox(clock.now, () => {
      outboxes.delete(outbox);
      signal?.removeEventListener("abort", onAbort);
      for (const release of releases) release();
    });
    outboxes.add(outbox);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
    beating ??= clock.setTimeout(beat, timing.heartbeatMs);
    const onClose = (release: () => void) => {
      if (outbox.open) releases.push(release);
      else release();
    };
    return { outbox, onClose };
  };

  return {
    async openJob({ userId, jobId, cursor, filter, credential, signal }) {
      const primed = await jobs.prime(userId, jobId, cursor);
      if (!primed) return null;
      const { outbox, onClose } = openOutbox(signal);
      const viewer = new JobViewer(userId, jobId, filter, outbox);
      onClose(credentials.add(userId, credential, viewer));
      jobs.admit(viewer, primed);
      onClose(() => viewer.channel?.leave(viewer));
      return outbox.stream;
    },

    async openList({ userId, credential, signal }) {
      const { outbox, onClose } = openOutbox(signal);
      const viewer = new ListViewer(outbox);
      try {
        onClose(await lists.admit(viewer, userId));
      } catch (error) {
        outbox.cut("gone");
        throw error;
      }
      onClose(credentials.add(userId, credential, viewer));
      return outbox.stream;
    },

    stats: () => ({ viewers: outboxes.size, channels: jobs.channelCount }),

    shutdown() {
      closed = true;
      for (const outbox of [...outboxes]) {
        outbox.end();
        clock.setTimeout(() => outbox.cut("gone"), 1_000);
      }
      jobs.closeAll();
      lists.closeAll();
      clock.clearTimeout(beating);
    },
  };
}
