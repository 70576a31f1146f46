import type { RunTail } from "@signalbox/protocol/compare";
import { fromWireNumber } from "@signalbox/protocol/wire-number";

/** The part of a series that came after the page began to follow; another object once it grew. */
export interface RunSeriesTail {
  readonly steps: number[];
  readonly values: number[];
  readonly seqs: number[];
  readonly times: number[];
  /** NaN where a point has none. */
  readonly epochs: number[];
  /** Set once old points were dropped: the seq from which on none is missing. */
  readonly from?: number;
}

const emptyTail = (): RunSeriesTail => ({
  steps: [],
  values: [],
  seqs: [],
  times: [],
  epochs: [],
});

export interface TailDeps {
  /** Reads what runs gained after a seq each. */
  read: (after: ReadonlyMap<string, number>) => Promise<{ runs: RunTail[] }>;
  setTimeout: (run: () => void, ms: number) => unknown;
  clearTimeout: (timer: unknown) => void;
}

const tailCap = 8_000;

function newerHalf({ steps, values, seqs, times, epochs }: RunSeriesTail): RunSeriesTail {
  const half = <T>(list: T[]) => list.slice(list.length - tailCap / 2);
  const kept = half(seqs);
  return {
    steps: half(steps),
    values: half(values),
    seqs: kept,
    times: half(times),
    epochs: half(epochs),
    from: kept[0] ?? 0,
  };
}

const readEveryMs = 1_000;
const retryMs = 5_000;

/**
 * The live part of several runs' series, all their names, over one request a second at most. The
 * jobs stream says which runs moved (`note`); nothing is asked while none does.
 */
export class TailStore {
  #deps: TailDeps;
  #from = new Map<string, number>();
  #after = new Map<string, number>();
  #moved = new Map<string, number>();
  #series = new Map<string, Map<string, RunSeriesTail>>();
  #listeners = new Set<() => void>();
  #timer: unknown = null;
  #reading = false;
  #closed = false;
  #version = 0;

  constructor(deps: TailDeps) {
    this.#deps = deps;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Grows with every answer. */
  getVersion = (): number => this.#version;

  /** The seq from which on a series' tail is complete, or null for a run not followed. */
  completeFrom(id: string, name: string): number | null {
    return this.#series.get(id)?.get(name)?.from ?? this.#from.get(id) ?? null;
  }

  tail(id: string, name: string): RunSeriesTail | null {
    return this.#series.get(id)?.get(name) ?? null;
  }

  /** Says how far a run has come; the first word is where its tail begins. */
  note(id: string, lastSeq: number): void {
    const from = this.#after.get(id);
    if (from === undefined) {
      this.#after.set(id, lastSeq);
      this.#from.set(id, lastSeq);
    } else if (lastSeq > from) this.#moved.set(id, lastSeq);
    this.#schedule(0);
  }

  /** Goes on after `close`; a new store is open. */
  open(): void {
    this.#closed = false;
    this.#schedule(0);
  }

  close(): void {
    this.#closed = true;
    this.#deps.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(wait: number): void {
    if (this.#closed || this.#reading || this.#timer !== null || this.#moved.size === 0) return;
    this.#timer = this.#deps.setTimeout(() => {
      this.#timer = null;
      void this.#read();
    }, wait);
  }

  async #read(): Promise<void> {
    this.#reading = true;
    const asked = new Map(
      [...this.#moved.keys()].map((id) => [id, this.#after.get(id) ?? 0] as const),
    );
    let wait = readEveryMs;
    try {
      const { runs } = await this.#deps.read(asked);
      for (const run of runs) this.#take(run);
      const told = new Set(runs.map((run) => run.job_id));
      for (const id of asked.keys()) {
        // A run of which nothing came is as far as it will get: deleted, or begun anew.
        const done = (this.#after.get(id) ?? 0) >= (this.#moved.get(id) ?? 0);
        if (done || !told.has(id)) this.#moved.delete(id);
      }
    } catch {
      // The next move of a run, or this timer, asks again from the same place.
      wait = retryMs;
    }
    this.#reading = false;
    if (this.#closed) return;
    this.#version += 1;
    for (const listener of this.#listeners) listener();
    // Also after quiet: no second request within the second.
    this.#timer = this.#deps.setTimeout(() => {
      this.#timer = null;
      this.#schedule(0);
    }, wait);
  }

  #take(run: RunTail): void {
    const held = this.#series.get(run.job_id) ?? new Map<string, RunSeriesTail>();
    this.#series.set(run.job_id, held);
    for (const [name, points] of Object.entries(run.series)) {
      const tail = { ...(held.get(name) ?? emptyTail()) };
      held.set(name, tail);
      for (const [step, value, seq, time, epoch] of points) {
        tail.steps.push(step);
        tail.values.push(fromWireNumber(value));
        tail.seqs.push(seq);
        tail.times.push(time);
        tail.epochs.push(epoch ?? Number.NaN);
      }
      if (tail.steps.length > tailCap) held.set(name, newerHalf(tail));
    }
    this.#after.set(run.job_id, Math.max(run.next_seq, this.#after.get(run.job_id) ?? 0));
  }
}
