export interface RenderBudgetOptions {
  /** How many milliseconds of each second drawing may keep the page busy, on average. */
  budgetMs?: number;
  now?: () => number;
  schedule?: (run: () => void, ms: number) => void;
  /** Reports how long the page is busy with the next frame, in milliseconds. */
  measureFrame?: (done: (ms: number) => void) => void;
}

/** Runs an update that draws `lines` lines; lines after the first cost less than the first. */
export type RenderBudget = (update: () => void, lines?: number) => void;

const lineCost = 0.5;

/** The assumed cost of drawing one line until it is measured, with its bounds, in ms. */
const firstGuess = 1;
const leastCost = 0.1;
const mostCost = 10;
/** The weight of a new measurement in the moving average. */
const weight = 0.15;

/** Waiting updates run with the next stream update (ten a second), or after this pause. */
const pauseMs = 150;
const newsMs = 80;

/** Measures the next frame from its first callback until the page is idle. */
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
 * Runs updates at once while they fit the budget; with many live panels they take turns, so the page
 * stays responsive. The cost of drawing is measured. A waiting update runs once, however often it
 * was requested, and together with others, because every frame has a fixed cost.
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
  /** The lines drawn in the frame that is being measured; 0 while none is. */
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
      // An update that costs more than the whole burst would wait forever.
      if (left < Math.min(cost, burst)) break;
      // Requested before the panels request their frame, so that their drawing is measured.
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
