import { formatCursor, parseCursor } from "@signalbox/protocol/stream/cursor";
import {
  maxStreamedRuns,
  parseRunsFrame,
  type RunFrame,
} from "@signalbox/protocol/stream/runs-stream";
import { type Clock, systemClock } from "@signalbox/protocol/time/clock";
import { parseJson } from "@signalbox/protocol/wire/json";
import { EventStream, type EventStreamOptions } from "../connection/event-stream.ts";
import { RunsCursorGuard } from "../connection/runs-cursor-guard.ts";
import { Flusher } from "./flusher.ts";
import { LiveSource } from "./live-source.ts";
import { appendRunPoints, type RunSeriesTail } from "./run-points.ts";

/** A run in one generation of its data; there is no tail of another one. */
interface RunData {
  id: string;
  generation: string;
}

/** A run to follow, as it was last read. */
export interface FollowedRun extends RunData {
  lastSeq: number;
  /** It has not ended: more rows may come. */
  active: boolean;
}

/** The live points of several runs, all their series, over one connection. */
export interface RunsStore {
  /** Follows exactly these runs; a run new to the store is followed from its `lastSeq` on. */
  follow(runs: readonly FollowedRun[]): void;
  /** The stream is open while anybody subscribes. */
  subscribe(listener: () => void): () => void;
  /** The points of a series that came since the run is followed; null before the first. */
  tail(run: RunData, name: string): RunSeriesTail | null;
  /** The seq from which on a series' tail is complete; null for a run that is not followed. */
  completeFrom(run: RunData, name: string): number | null;
}

export interface RunsStoreOptions
  extends Pick<EventStreamOptions, "headers" | "fetch" | "random" | "visibility" | "timing"> {
  baseUrl?: string;
  clock?: Clock;
}

/** Panels of many lines are redrawn at once: about once a second, a first change immediately. */
const flushMs = 1_000;
const closeDelayMs = 1_000;

interface Run {
  generation: string;
  /** From this seq on its tails are complete. */
  from: number;
  cursor: string;
  series: Map<string, RunSeriesTail>;
}

interface Connected {
  ids: readonly string[];
  guard: RunsCursorGuard;
  stream: EventStream;
}

const seqOf = (cursor: string | undefined) => (cursor ? (parseCursor(cursor)?.seq ?? 0) : 0);

export function createRunsStore({ baseUrl = "", ...options }: RunsStoreOptions = {}): RunsStore {
  const clock = options.clock ?? systemClock;
  const runs = new Map<string, Run>();
  let connected: Connected[] = [];

  const flusher = new Flusher(clock, flushMs, () => source.notify());
  const source = new LiveSource(
    clock,
    closeDelayMs,
    () => {
      for (const { stream } of connected) stream.start();
    },
    () => {
      for (const { stream } of connected) stream.stop();
    },
  );

  function connect(ids: readonly string[]): Connected {
    const guard = new RunsCursorGuard(
      "any",
      new Map(ids.map((id) => [id, runs.get(id)?.cursor ?? null])),
    );
    const query = new URLSearchParams({ runs: ids.join(","), streams: "metrics", full: "1" });
    const stream = new EventStream({
      ...options,
      clock,
      guard,
      url: `${baseUrl}/api/training/stream?${query}`,
      onMessage({ event, id, data }) {
        const frame = parseRunsFrame(event, id, parseJson(data));
        if (frame?.event === "run") apply(frame.run, frame.frame);
      },
    });
    return { ids, guard, stream };
  }

  function apply(id: string, frame: RunFrame): void {
    const run = runs.get(id);
    if (!run) return;
    if (frame.event === "snapshot") {
      const { generation, last_seq } = frame.data.job;
      runs.set(id, started(generation, last_seq));
      flusher.schedule();
    } else if (frame.event === "metrics") {
      for (const [name, points] of Object.entries(frame.data)) {
        const tail = appendRunPoints(run.series.get(name), points, seqOf(frame.id));
        run.series.set(name, tail);
      }
      flusher.schedule();
    }
  }

  function started(generation: string, seq: number): Run {
    const cursor = formatCursor({ generation, seq });
    return { generation, from: seq, cursor, series: new Map() };
  }

  const connectionOf = (id: string) =>
    connected.find(({ ids, guard }) => ids.includes(id) && !guard.isOver(id));

  /** Whether a connection must be open for a run: it may still gain rows, or has some unread. */
  function isWanted({ id, active, generation, lastSeq }: FollowedRun): boolean {
    const run = runs.get(id);
    if (!run || connectionOf(id)) return run !== undefined;
    // After its end, a view of the run from before it says nothing new.
    const isNewer = run.generation !== generation || lastSeq > seqOf(run.cursor);
    return isNewer || (active && !connected.some(({ ids }) => ids.includes(id)));
  }

  function follow(followed: readonly FollowedRun[]): void {
    for (const { ids, guard } of connected) {
      for (const id of ids) {
        const run = runs.get(id);
        const cursor = guard.cursorOf(id);
        if (run && cursor) run.cursor = cursor;
      }
    }
    let begun = false;
    for (const { id, generation, lastSeq } of followed) {
      const known = runs.get(id);
      const isReplaced = known && known.generation !== generation && !connectionOf(id);
      if (known && !isReplaced) continue;
      runs.set(id, started(generation, lastSeq));
      begun = true;
    }
    const wanted = followed.filter(isWanted).map(({ id }) => id);
    const open = connected.flatMap(({ ids, guard }) => ids.filter((id) => !guard.isOver(id)));
    const isSame = wanted.length === open.length && wanted.every((id) => open.includes(id));
    for (const id of runs.keys()) if (!followed.some((each) => each.id === id)) runs.delete(id);
    if (!isSame) reconnect(wanted);
    // Histories read before must reach to where these tails begin.
    if (begun) source.notify();
  }

  function reconnect(ids: readonly string[]): void {
    for (const { stream } of connected) stream.stop();
    connected = [];
    for (let start = 0; start < ids.length; start += maxStreamedRuns) {
      connected.push(connect(ids.slice(start, start + maxStreamedRuns)));
    }
    if (source.active) for (const { stream } of connected) stream.start();
  }

  const runOf = ({ id, generation }: RunData): Run | null => {
    const run = runs.get(id);
    return run?.generation === generation ? run : null;
  };

  return {
    follow,
    subscribe: source.subscribe,
    tail: (of, name) => runOf(of)?.series.get(name) ?? null,
    completeFrom: (of, name) => {
      const run = runOf(of);
      return run?.series.get(name)?.from ?? run?.from ?? null;
    },
  };
}
