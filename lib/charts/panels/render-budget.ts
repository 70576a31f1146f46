export interface RenderBudgetOptions {
  /** How many milliseconds of a second all drawing together may keep the page busy, in the long run. */
  budgetMs?: number;
  now?: () => number;
  schedule?: (run: () => void, ms: number) => void;
  /** Tells how long the page is busy with the frame that comes next, in milliseconds. */
  measureFrame?: (done: (ms: number) => void) => void;
}

/** `lines`: how many lines the update draws; each beyond the first costs a part of the first. */
export type RenderBudget = (update: () => void, lines?: number) => void;

const lineCost = 0.5;

/** What drawing one line is taken to cost before it was measured, and at the least and most, in ms. */
const firstGuess = 1;
const leastCost = 0.1;
const mostCost = 10;
/** How much a new measurement counts against those before. */
const weight = 0.15;

/** What waits runs with the next news, which the stream brings ten times a second, or after this. */
const pauseMs = 150;
const newsMs = 80;

/** From the first callback of the next frame until the page is free again: scripts, layout, paint. */
function measureNextFrame(done: (ms: number) => void): void {
  requestAnimationFrame(() => {
    const from = performance.now();
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => {
      port2.close();
      done(performance.now() - from);
    };
    port1.postMessage(null);
  });
}

/**
 * Lets updates through at once while they are cheap; where many panels are live they take turns, so
 * that the page stays quick. What drawing costs here, with or without a graphics card, is measured.
 * What waits runs once, however often it was asked for, and always runs; together with other news,
 * because each frame that shows something costs the browser its share.
 */
export function createRenderBudget({
  budgetMs = 150,
  now = () => performance.now(),
  schedule = (run, ms) => void setTimeout(run, ms),
  measureFrame = measureNextFrame,
}: RenderBudgetOptions = {}): RenderBudget {
  const burst = budgetMs / 5;
  const waiting = new Map<() => void, number>();
  let perLine = firstGuess;
  /** Lines that the frame being measured draws; 0 while none is. */
  let inFrame = 0;
  let left = burst;
  let refilledAt = now();
  let scheduled = false;

  const learn = (ms: number) => {
    const cost = Math.min(mostCost, Math.max(leastCost, ms / inFrame));
    perLine += weight * (cost - perLine);
    inFrame = 0;
  };
  const run = () => {
    const moment = now();
    left = Math.min(burst, left + ((moment - refilledAt) / 1000) * budgetMs);
    refilledAt = moment;
    for (const [update, lines] of waiting) {
      const cost = lines * perLine;
      // What costs more than there ever is would wait for ever.
      if (left < Math.min(cost, burst)) break;
      // Asked before the panels ask for theirs, so that their drawing is within.
      if (inFrame === 0) measureFrame(learn);
      inFrame += lines;
      left -= cost;
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
