/** What a job's reads are doing; `over` and `closed` also say what viewers can expect. */
export const readStates = [
  "waiting",
  "due",
  "reading",
  "rereading",
  "retrying",
  "over",
  "closed",
] as const;
export type ReadState = (typeof readStates)[number];

/** How a read can end without failing. */
export type ReadOutcome =
  /** Every row up to the job's last seq has been delivered. */
  | "caught_up"
  /** The page was full: more rows are stored. */
  | "more"
  /** No row, and the job ended long enough ago. */
  | "settled";

export type ReadEvent =
  /** Rows may have been stored. */
  | "notified"
  /** A read begins. */
  | "started"
  | ReadOutcome
  /** The read failed. */
  | "failed"
  /** Nobody watches the job any more, or it was deleted. */
  | "closed";

/**
 * State × event → state; null = cannot happen or changes nothing.
 *
 *   waiting ─notified→ due ─started→ reading ─caught_up→ waiting, ─more→ due, ─settled→ over
 *   waiting, over ─started→ reading (poll); over ─notified→ due
 *   reading ─notified→ rereading ─caught_up, more, settled→ due
 *   reading, rereading ─failed→ retrying ─started→ reading
 *   any ─closed→ closed
 */
export const readTransitions: Record<ReadState, Record<ReadEvent, ReadState | null>> = {
  waiting: {
    notified: "due",
    started: "reading",
    caught_up: null,
    more: null,
    settled: null,
    failed: null,
    closed: "closed",
  },
  due: {
    notified: null,
    started: "reading",
    caught_up: null,
    more: null,
    settled: null,
    failed: null,
    closed: "closed",
  },
  reading: {
    notified: "rereading",
    started: null,
    caught_up: "waiting",
    more: "due",
    settled: "over",
    failed: "retrying",
    closed: "closed",
  },
  // The read in flight may have begun before the newest commit, so another one follows.
  rereading: {
    notified: null,
    started: null,
    caught_up: "due",
    more: "due",
    settled: "due",
    failed: "retrying",
    closed: "closed",
  },
  retrying: {
    notified: null,
    started: "reading",
    caught_up: null,
    more: null,
    settled: null,
    failed: null,
    closed: "closed",
  },
  over: {
    notified: "due",
    started: "reading",
    caught_up: null,
    more: null,
    settled: null,
    failed: null,
    closed: "closed",
  },
  closed: {
    notified: null,
    started: null,
    caught_up: null,
    more: null,
    settled: null,
    failed: null,
    closed: null,
  },
};

/** The read loop of one job. Immutable; times are milliseconds of the hub's monotonic clock. */
export interface ReadProgress {
  readonly state: ReadState;
  /** Reads that have failed since the last one that succeeded. */
  readonly failures: number;
  /** When a failed read may be repeated. */
  readonly retryAt: number;
}

export const initialReadProgress: ReadProgress = { state: "waiting", failures: 0, retryAt: 0 };

const maxRetryMs = 2_000;

/** The loop after an event; the same object if the event changes nothing. */
export function nextReadProgress(
  progress: ReadProgress,
  event: ReadEvent,
  now: number,
): ReadProgress {
  const state = readTransitions[progress.state][event];
  if (state === null) return progress;
  switch (event) {
    case "failed": {
      const failures = progress.failures + 1;
      return { state, failures, retryAt: now + Math.min(maxRetryMs, 125 * 2 ** failures) };
    }
    case "caught_up":
    case "more":
    case "settled":
      return { state, failures: 0, retryAt: 0 };
    case "notified":
    case "started":
    case "closed":
      return { ...progress, state };
  }
}
