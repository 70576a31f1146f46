/** The states of a stream's connection; the screen shows exactly these. */
export const connectionStates = [
  "idle",
  "connecting",
  "live",
  "stale",
  "polling",
  "reconnecting",
  "ended",
  "refused",
] as const;
export type ConnectionState = (typeof connectionStates)[number];

export type ConnectionEvent =
  /** Something subscribes to the stream. */
  | "start"
  /** Bytes have arrived. */
  | "received"
  /** Nothing has arrived for two heartbeats. */
  | "overdue"
  /** A page of rows has arrived; the next is asked for in a while. */
  | "paged"
  /** The connection broke or could not be made; another attempt is due. */
  | "dropped"
  /** The server has sent everything. */
  | "finished"
  /** The server will not serve this stream: another attempt would not help. */
  | "denied"
  /** The stream was closed, or suspended because its tab is hidden. */
  | "stop";

/**
 * State × event → state; null: cannot happen, or has no effect there.
 *
 *   idle ─start→ connecting ─received→ live ⇄ stale ─dropped→ reconnecting ─received→ live
 *   connecting, reconnecting ─paged→ polling ─received→ live
 *   any but idle ─finished→ ended, ─denied→ refused; ended and refused ─start→ connecting
 */
export const connectionTransitions: Record<
  ConnectionState,
  Record<ConnectionEvent, ConnectionState | null>
> = {
  idle: {
    start: "connecting",
    received: null,
    overdue: null,
    paged: null,
    dropped: null,
    finished: null,
    denied: null,
    stop: null,
  },
  connecting: {
    start: null,
    received: "live",
    overdue: null,
    paged: "polling",
    dropped: "reconnecting",
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  live: {
    start: null,
    received: null,
    overdue: "stale",
    paged: null,
    dropped: "reconnecting",
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  stale: {
    start: null,
    received: "live",
    overdue: null,
    paged: null,
    dropped: "reconnecting",
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  polling: {
    start: null,
    received: "live",
    overdue: null,
    paged: null,
    dropped: "reconnecting",
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  reconnecting: {
    start: null,
    received: "live",
    overdue: null,
    paged: "polling",
    dropped: null,
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  ended: {
    start: "connecting",
    received: null,
    overdue: null,
    paged: null,
    dropped: null,
    finished: null,
    denied: null,
    stop: null,
  },
  refused: {
    start: "connecting",
    received: null,
    overdue: null,
    paged: null,
    dropped: null,
    finished: null,
    denied: null,
    stop: null,
  },
};

/** The connection as people see it. Immutable; times are milliseconds since 1970. */
export interface Connection {
  readonly state: ConnectionState;
  /** When this state began. */
  readonly since: number;
  /** When bytes last arrived. */
  readonly lastReceivedAt: number | null;
  /** From the trainer's timestamp to its arrival here, of the newest points. */
  readonly lagMs: number | null;
  readonly cursor: string | null;
  /** Attempts since data last flowed. */
  readonly attempt: number;
  /** When the next attempt is due, while waiting for it. */
  readonly retryAt: number | null;
  /** Why it is not live, as text for people. */
  readonly reason: string | null;
  /** The HTTP status of a refusal. */
  readonly httpStatus: number | null;
}

export function idleConnection(now: number): Connection {
  return {
    state: "idle",
    since: now,
    lastReceivedAt: null,
    lagMs: null,
    cursor: null,
    attempt: 0,
    retryAt: null,
    reason: null,
    httpStatus: null,
  };
}

/** The connection after an event, with new details; the same object if nothing changed. */
export function nextConnection(
  connection: Connection,
  event: ConnectionEvent,
  now: number,
  known: Partial<Omit<Connection, "state" | "since">> = {},
): Connection {
  const state = connectionTransitions[connection.state][event];
  if (state === null && Object.keys(known).length === 0) return connection;
  if (state === null) return { ...connection, ...known };
  return { ...connection, ...known, state, since: now };
}
