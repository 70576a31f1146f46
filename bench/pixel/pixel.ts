import type { Browser, Page } from "playwright";
import { machineMs, onBeat, until } from "../kit/pace.ts";
import { type Spread, spread } from "../kit/statistics.ts";
import { watchPage } from "./watch-page.ts";

const updateEveryMs = 100;
const warmUpSteps = 30;
const series = "bench/loss";

export interface PixelRun {
  /** All from just before the POST. */
  answered: Spread;
  arrived: Spread;
  rendered: Spread;
  drawn: Spread;
  painted: Spread;
}

export interface PixelTarget {
  url: string;
  /** Selects what stands on the page once its stream is open. */
  live: string;
  post(step: number): Promise<unknown>;
}

/** Follows each of `updates` posts, ten a second, until a page in a real browser has painted it. */
export async function measurePixel(
  browser: Browser,
  { url, live, post }: PixelTarget,
  updates: number,
): Promise<PixelRun> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watchPage, series);
    await post(1);
    await page.goto(url);
    await page.locator(live).first().waitFor({ state: "attached" });
    await onBeat(warmUpSteps, updateEveryMs, async (index) => void (await post(1 + index)));

    const ahead = await clockAhead(page);
    const sentAt = new Map<number, number>();
    const answers: number[] = [];
    await onBeat(updates, updateEveryMs, async (index) => {
      const step = 1 + warmUpSteps + index;
      const sent = machineMs();
      sentAt.set(step, sent);
      await post(step);
      answers.push(machineMs() - sent);
    });
    const last = 1 + warmUpSteps + updates;
    await until("the last step on the page", 15_000, () =>
      page.evaluate((step) => step in window.benchNotes.painted, last),
    );
    const notes = await page.evaluate(() => window.benchNotes);
    const since = (moments: Record<number, number>) =>
      spread(
        [...sentAt].map(([step, sent]) => {
          const moment = moments[step];
          if (moment === undefined) throw new Error(`The page has not seen step ${step}.`);
          return moment - ahead - sent;
        }),
      );
    return {
      answered: spread(answers),
      arrived: since(notes.arrived),
      rendered: since(notes.rendered),
      drawn: since(notes.drawn),
      painted: since(notes.painted),
    };
  } finally {
    await context.close();
  }
}

/** How far the page's clock is ahead of ours, by the fastest of many round trips. */
async function clockAhead(page: Page): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, ahead: 0 };
  for (let question = 0; question < 40; question += 1) {
    const asked = machineMs();
    const theirs = await page.evaluate(() => performance.timeOrigin + performance.now());
    const answered = machineMs();
    const took = answered - asked;
    if (took < best.took) best = { took, ahead: theirs - (asked + answered) / 2 };
  }
  return best.ahead;
}
