import type { StreamEncoding } from "./encoding/accepted-encoding.ts";
import { createEncoder } from "./encoding/create-encoder.ts";
import type { StreamFilter } from "./frames/stream-filter.ts";
import { CredentialWatch, type StreamCredential } from "./http/credential-watch.ts";
import { type CloseReason, SendQueue } from "./http/send-queue.ts";
import { EventsViewer } from "./job/events-viewer.ts";
import { type HubDeps, JobStreams } from "./job/job-streams.ts";
import { SingleViewer } from "./job/single-viewer.ts";
import { ListViewer } from "./list/list-channel.ts";
import { ListStreams } from "./list/list-streams.ts";
import { RunsStreams } from "./runs/runs-streams.ts";
import { RunsViewer } from "./runs/runs-viewer.ts";
import {
  type Clock,
  defaultTiming,
  type HubTiming,
  type Notifier,
  type StreamFeed,
  systemClock,
} from "./source/feed.ts";
import { StreamInstruments, type StreamKind, type StreamStart } from "./stream-instruments.ts";

interface StreamRequest {
  userId: string;
  credential: StreamCredential;
  /** Aborted when the client has disconnected. */
  signal?: AbortSignal;
  /** Breaks the client's connection at once. */
  disconnect?: (() => void) | undefined;
  /** How the stream's bytes are encoded; plain by default. */
  encoding?: StreamEncoding | undefined;
  /** False: the stream ends once everything stored was sent. */
  follow?: boolean | undefined;
  /** The stream is closed; not called if none was opened. */
  onClosed?: () => void;
}

interface JobStreamRequest extends StreamRequest {
  jobId: string;
  /** `Last-Event-ID` or `?after=`; null for a stream from a snapshot. */
  cursor: string | null;
  filter: StreamFilter;
  /** Events alone, in the learning routes' shape. */
  eventsOnly?: boolean;
}

interface RunsStreamRequest extends StreamRequest {
  jobIds: readonly string[];
  /** As of a single run's stream, but naming each run. */
  cursor: string | null;
  filter: StreamFilter;
}

/** What is counted of a stream that is opened. */
interface Opened {
  kind: StreamKind;
  start: StreamStart;
}

export interface StreamHub {
  /**
   * The job's stream; null where the user has no such job, `ended` where it has ended and the cursor
   * has every row. Rejects before anything is sent.
   */
  openJob(request: JobStreamRequest): Promise<ReadableStream<Uint8Array> | "ended" | null>;
  /**
   * The stream of several jobs; null where the user lacks one of them, `ended` where all have ended
   * and the cursor has every row. Rejects before anything is sent.
   */
  openRuns(request: RunsStreamRequest): Promise<ReadableStream<Uint8Array> | "ended" | null>;
  /** The stream of all the user's jobs. Rejects before anything is sent. */
  openList(request: StreamRequest): Promise<ReadableStream<Uint8Array>>;
  stats(): { viewers: number; channels: number };
  readonly instruments: StreamInstruments;
  /** Ends every stream at once and accepts no new one; clients resume elsewhere from their cursor. */
  shutdown(): void;
}

/** Thrown for a stream that is asked for after `shutdown`. */
export class HubClosedError extends Error {
  override readonly name = "HubClosedError";
}

export interface HubOptions {
  feed: StreamFeed;
  /** Shared subscriptions (`TopicSubscriptions`): the hub subscribes to one topic several times. */
  notifier: Notifier;
  clock?: Clock;
  timing?: Partial<HubTiming>;
  log?: (message: string, error?: unknown) => void;
}

/** The live streams of one process: database in, server-sent events out. See README.md. */
export function createStreamHub(options: HubOptions): StreamHub {
  const clock = options.clock ?? systemClock;
  const timing = { ...defaultTiming, ...options.timing };
  const log = options.log ?? (() => {});
  const { feed, notifier } = options;
  const instruments = new StreamInstruments();
  const deps: HubDeps = { feed, notifier, clock, timing, log, instruments };
  const jobs = new JobStreams(deps);
  const runs = new RunsStreams(jobs);
  const lists = new ListStreams(deps);
  const credentials = new CredentialWatch(notifier, log);
  const queues = new Set<SendQueue>();
  let heartbeatTimer: unknown = null;
  let closed = false;

  const sendHeartbeats = () => {
    heartbeatTimer = null;
    if (queues.size === 0) return;
    const timestamp = new Date(clock.wallTime()).toISOString();
    jobs.heartbeat(timestamp);
    runs.heartbeat(timestamp);
    lists.heartbeat(timestamp);
    credentials.checkAll();
    heartbeatTimer = clock.setTimeout(sendHeartbeats, timing.heartbeatMs);
  };

  /** A queue with its clean-up: whatever is acquired for a viewer is released when it closes. */
  const openQueue = (request: StreamRequest, { kind, start }: Opened) => {
    const { signal, disconnect, encoding = "identity" } = request;
    if (closed) throw new HubClosedError("the server is stopping");
    const releases: (() => void)[] = [];
    const onAbort = () => queue.abort("disconnected");
    const openedAt = clock.now();
    const onClosed = (reason: CloseReason) => {
      queues.delete(queue);
      instruments.closed.add({ kind, reason });
      instruments.duration.observe({ kind }, (clock.now() - openedAt) / 1000);
      signal?.removeEventListener("abort", onAbort);
      for (const release of releases) release();
      request.onClosed?.();
      // A client that reads nothing would never take the end either.
      if (queue.ending) clock.setTimeout(() => queue.abort("stalled"), timing.stalledMs);
    };
    const encoder = createEncoder(encoding);
    const traffic = instruments.traffic(encoding);
    const queue = new SendQueue({ now: clock.now, onClosed, disconnect, encoder, traffic });
    queues.add(queue);
    instruments.opened.add({ kind, start });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort, { once: true });
    heartbeatTimer ??= clock.setTimeout(sendHeartbeats, timing.heartbeatMs);
    const onClose = (release: () => void) => {
      if (queue.open) releases.push(release);
      else release();
    };
    return { queue, onClose };
  };

  return {
    async openJob(request) {
      const { userId, jobId, cursor, filter, eventsOnly, credential, follow = true } = request;
      const prepared = await jobs.prepare(userId, jobId, cursor);
      if (!prepared) return null;
      if (prepared.over) return "ended";
      const kind = eventsOnly ? "events" : "run";
      const { queue, onClose } = openQueue(request, { kind, start: prepared.start });
      const Viewer = eventsOnly ? EventsViewer : SingleViewer;
      const viewer = new Viewer(userId, jobId, filter, queue);
      viewer.follows = follow;
      onClose(credentials.add(userId, credential, viewer));
      jobs.attach(viewer, prepared);
      onClose(() => viewer.channel?.leave(viewer));
      return queue.stream;
    },

    async openRuns(request) {
      const { userId, jobIds, cursor, filter, credential, follow = true } = request;
      const prepared = await runs.prepare(userId, jobIds, cursor);
      if (prepared === null || prepared === "ended") return prepared;
      const start = firstStart(prepared.map(({ stream }) => stream?.start));
      const { queue, onClose } = openQueue(request, { kind: "runs", start });
      const viewer = new RunsViewer(userId, prepared, filter, queue);
      for (const run of viewer.runs) run.follows = follow;
      onClose(credentials.add(userId, credential, viewer));
      onClose(runs.attach(viewer, prepared));
      return queue.stream;
    },

    async openList(request) {
      const { userId, credential, follow = true } = request;
      const { queue, onClose } = openQueue(request, { kind: "list", start: "new" });
      const viewer = new ListViewer(queue);
      try {
        onClose(await lists.attach(viewer, userId));
      } catch (error) {
        // Not aborted: the connection is still needed for the reply.
        queue.end();
        throw error;
      }
      onClose(credentials.add(userId, credential, viewer));
      if (!follow) viewer.end();
      return queue.stream;
    },

    instruments,

    stats: () => ({ viewers: queues.size, channels: jobs.channelCount }),

    shutdown() {
      closed = true;
      for (const queue of [...queues]) {
        queue.end();
        clock.setTimeout(() => queue.abort("disconnected"), 1_000);
      }
      jobs.closeAll();
      lists.closeAll();
      clock.clearTimeout(heartbeatTimer);
    },
  };
}

/** The start of a stream of several runs: reset or resumed if one of them is. */
function firstStart(starts: readonly (StreamStart | undefined)[]): StreamStart {
  return (
    starts.find((start) => start === "reset") ??
    starts.find((start) => start === "resumed") ??
    "new"
  );
}
