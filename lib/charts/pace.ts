export interface PaceOptions {
  /** So many updates of one line each, of all panels together, in a second, in the long run. */
  perSecond?: number;
  now?: () => number;
  schedule?: (run: () => void, ms: number) => void;
}

/** `lines`: how many lines the update draws; each beyond the first costs a part of the first. */
export type Pace = (update: () => void, lines?: number) => void;

const lineCost = 0.5;

/** What waits runs with the next news, which the stream brings ten times a second, or after this. */
const pauseMs = 150;
const newsMs = 80;

/**
 * Lets updates through at once while they are few; where many panels are live they take turns, so
 * that the page stays quick. What waits runs once, however often it was asked for, and always runs;
 * together with other news, because each frame that shows something costs the browser its share.
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
    if (waiting.size > 0 && !scheduled) wake(pauseMs);
  };
  const wake = (ms: number) => {
    scheduled = true;
    schedule(() => {
      scheduled = false;
      const rest = refilledAt + pauseMs - now();
      if (rest > 0) wake(rest);
      else run();
    }, ms);
  };
  return (update, lines = 1) => {
    waiting.set(update, 1 + lineCost * (lines - 1));
    if (!scheduled || now() - refilledAt >= newsMs) run();
  };
}
