export interface PaceOptions {
  /** So many updates of one line each, of all panels together, in a second, in the long run. */
  perSecond?: number;
  now?: () => number;
  schedule?: (run: () => void, ms: number) => void;
}

/** `lines`: how many lines the update draws; each beyond the first costs a part of the first. */
export type Pace = (update: () => void, lines?: number) => void;

const lineCost = 0.25;

const pauseMs = 50;

/**
 * Lets updates through at once while they are few; where many panels are live they take turns, so
 * that the page stays quick. What waits runs once, however often it was asked for, and always runs.
 */
export function createPace({
  perSecond = 110,
  now = () => performance.now(),
  schedule = (run, ms) => void setTimeout(run, ms),
}: PaceOptions = {}): Pace {
  const burst = perSecond / 5;
  const waiting = new Map<() => void, number>();
  let tokens = burst;
  let refilledAt = now();
  let scheduled = false;
  const run = () => {
    const moment = now();
    tokens = Math.min(burst, tokens + ((moment - refilledAt) / 1000) * perSecond);
    refilledAt = moment;
    for (const [update, cost] of waiting) {
      // What costs more than there ever is would wait for ever.
      if (tokens < Math.min(cost, burst)) break;
      tokens -= cost;
      waiting.delete(update);
      update();
    }
    if (waiting.size === 0 || scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      run();
    }, pauseMs);
  };
  return (update, lines = 1) => {
    waiting.set(update, 1 + lineCost * (lines - 1));
    if (!scheduled) run();
  };
}
