export interface PaceOptions {
  /** So many updates of all panels together in a second, in the long run. */
  perSecond?: number;
  now?: () => number;
  schedule?: (run: () => void, ms: number) => void;
}

export type Pace = (update: () => void) => void;

const pauseMs = 50;

/**
 * Lets updates through at once while they are few; where many panels are live they take turns, so
 * that the page stays quick. What waits runs once, however often it was asked for, and always runs.
 */
export function createPace({
  perSecond = 120,
  now = () => performance.now(),
  schedule = (run, ms) => void setTimeout(run, ms),
}: PaceOptions = {}): Pace {
  const burst = perSecond / 5;
  const waiting = new Set<() => void>();
  let tokens = burst;
  let refilledAt = now();
  let scheduled = false;
  const run = () => {
    const moment = now();
    tokens = Math.min(burst, tokens + ((moment - refilledAt) / 1000) * perSecond);
    refilledAt = moment;
    for (const update of waiting) {
      if (tokens < 1) break;
      tokens -= 1;
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
  return (update) => {
    waiting.add(update);
    if (!scheduled) run();
  };
}
