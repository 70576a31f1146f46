import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession } from "playwright";
import { onBeat } from "../kit/pace.ts";

const updateEveryMs = 100;

export interface PanelsRun {
  /** Main-thread work in ms per second: wall time, and processor time. */
  taskMs: number;
  threadMs: number;
  scriptMs: number;
  framesPerSecond: number;
  drawn: number;
}

export interface PanelsTarget {
  url: string;
  /** The viewport's height decides how many panels are on the screen. */
  height: number;
  seconds: number;
  post(index: number): Promise<unknown>;
  /** Receives a processor profile of the page. */
  onProfile?: (profile: unknown) => Promise<void>;
}

/** Measures a run page for some seconds while the run reports ten times a second. */
export async function measurePanels(
  browser: Browser,
  { url, height, seconds, post, onProfile }: PanelsTarget,
): Promise<PanelsRun> {
  const page = await browser.newPage({ viewport: { width: 1440, height } });
  try {
    await page.goto(url, { timeout: 60_000 });
    await page.locator("canvas").first().waitFor();
    let index = 0;
    const beat = (ticks: number) =>
      onBeat(ticks, updateEveryMs, async () => {
        index += 1;
        await post(index);
      });
    await beat(30);
    await sleep(1_000);
    const cdp = await page.context().newCDPSession(page);
    // No tracing, which would add work of its own: only the counters that the page keeps anyway.
    await cdp.send("Performance.enable", { timeDomain: "timeTicks" });
    if (onProfile) {
      await cdp.send("Profiler.enable");
      await cdp.send("Profiler.start");
    }
    const before = await counters(cdp);
    await beat(seconds * 10);
    const after = await counters(cdp);
    if (onProfile) await onProfile((await cdp.send("Profiler.stop")).profile);
    // Measured separately, because requesting every frame makes the page work for each of them.
    await page.evaluate(countFrames);
    await beat(20);
    const framesPerSecond = await page.evaluate(() => window.benchFrames / 2);
    const length = after.Timestamp - before.Timestamp;
    const each = (name: keyof Counters) => ((after[name] - before[name]) / length) * 1000;
    return {
      taskMs: each("TaskDuration"),
      threadMs: each("ThreadTime"),
      scriptMs: each("ScriptDuration"),
      framesPerSecond,
      drawn: await page.locator("[data-series] canvas").count(),
    };
  } finally {
    await page.close();
  }
}

declare global {
  interface Window {
    benchFrames: number;
  }
}

function countFrames(): void {
  window.benchFrames = 0;
  const next = () => {
    window.benchFrames += 1;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}

interface Counters {
  Timestamp: number;
  TaskDuration: number;
  ThreadTime: number;
  ScriptDuration: number;
}

async function counters(cdp: CDPSession): Promise<Counters> {
  const { metrics } = await cdp.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    Timestamp: of("Timestamp"),
    TaskDuration: of("TaskDuration"),
    ThreadTime: of("ThreadTime"),
    ScriptDuration: of("ScriptDuration"),
  };
}
