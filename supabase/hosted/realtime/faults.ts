/**
 * The limits of hosted Realtime. A test sets them low, or moves the clock, to see what they do.
 * `forwardMs` is how far the services' clock is ahead of the real one.
 */
export type RealtimeLimits = {
  forwardMs: number;
  /** How long the token lives that the gateway makes of a key for a socket. */
  keyTokenSeconds: number;
  channelsPerConnection: number;
  joinsPerSecond: number;
  /** Broadcasts a second, counted once plus once for each subscriber. */
  messagesPerSecond: number;
};

/** A project on the Pro plan. */
export function proLimits(): RealtimeLimits {
  return {
    forwardMs: 0,
    keyTokenSeconds: 24 * 3600,
    channelsPerConnection: 100,
    joinsPerSecond: 500,
    messagesPerSecond: 500,
  };
}

/** What the service has counted since its start. */
export type RealtimeCounts = {
  sockets: number;
  joins: number;
  refusedJoins: number;
  closedChannels: number;
  /** Messages read from the write-ahead log. */
  messages: number;
  delivered: number;
  /** Not delivered for want of quota. */
  dropped: number;
};

export function noCounts(): RealtimeCounts {
  return {
    sockets: 0,
    joins: 0,
    refusedJoins: 0,
    closedChannels: 0,
    messages: 0,
    delivered: 0,
    dropped: 0,
  };
}
