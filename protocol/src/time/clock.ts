/** Time as a client uses it; tests advance it by hand. */
export interface Clock {
  /** Milliseconds since some moment, for waiting: they go on evenly whatever the time is set to. */
  now(): number;
  /** Milliseconds since 1970, which people can set back and forward: for what is shown or sent. */
  wallTime(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
};
