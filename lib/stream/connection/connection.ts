/** Where a stream's connection stands; the screen shows exactly this. */
export const connectionStates = [
  "idle",
  "connecting",
  "live",
  "stale",
  "reconnecting",
  "ended",
  "refused",
] as const;
export type ConnectionState = (typeof connectionStates)[number];

export type ConnectionEvent =
  /** Somebody wants the stream. */
  | "start"
  /** Bytes have arrived. */
  | "received"
  /** Nothing has arrived for two heartbeats. */
  | "overdue"
  /** The connection broke or could not be made; another attempt is due. */
  | "dropped"
  /** The server said that nothing more will come. */
  | "finished"
  /** The server will not serve this stream: no use in trying again. */
  | "denied"
  /** Nobody wants the stream now: closed, or its tab hidden for long. */
  | "stop";

/**
 * State × event → state; null = cannot happen or means nothing there.
 *
 *   idle ─start→ connecting ─heard→ live ⇄ stale ─dropped→ reconnecting ─heard→ live
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
    dropped: null,
    finished: null,
    denied: null,
    stop: null,
  },
  connecting: {
    start: null,
    received: "live",
    overdue: null,
    dropped: "reconnecting",
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  live: {
    start: null,
    received: null,
    overdue: "stale",
    dropped: "reconnecting",
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  stale: {
    start: null,
    received: "live",
    overdue: null,
    dropped: "reconnecting",
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  reconnecting: {
    start: null,
    received: "live",
    overdue: null,
    dropped: null,
    finished: "ended",
    denied: "refused",
    stop: "idle",
  },
  ended: {
    start: "connecting",
    received: null,
    overdue: null,
    dropped: null,
    finished: null,
    denied: null,
    stop: null,
  },
  refused: {
    start: "connecting",
    received: null,
    overdue: null,
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
  /** Why it is not live, in words. */
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

/** The connection after an event, with what is known anew; the same object if nothing changed. */
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
