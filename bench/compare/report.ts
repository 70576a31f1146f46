import { type Browser, chromium } from "playwright";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { findBrowser } from "../../scripts/test/browser.ts";
import { machineMs } from "../kit/pace.ts";
import { Seeder, type SeedPoint } from "../kit/seed.ts";
import { spread } from "../kit/statistics.ts";
import { ms, printTable, whole } from "../kit/table.ts";
import type { BenchOptions } from "../options.ts";

const batch = 10_000;

/** The compare page's first panel in a real browser: many long runs over each other. */
export async function reportCompare(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  const runs = options.quick ? 20 : 100;
  const points = options.quick ? 10_000 : 100_000;
  console.log(`Compare page: ${runs} runs × ${whole(points)} points of one series, Chromium`);
  const startedAt = machineMs();
  const seeder = await Seeder.open(dashboard);
  for (let run = 0; run < runs; run += 1) {
    const id = `long-${run}`;
    await seeder.run({ id, name: id, config: { seed: run, group: run % 4 }, tags: [] });
    for (let from = 0; from < points; from += batch) {
      await seeder.points(id, { "train/loss": curve(run, from) });
    }
  }
  console.log(`seeded in ${((machineMs() - startedAt) / 1000).toFixed(0)} s`);
  const browser = await chromium.launch({ executablePath: findBrowser() });
  try {
    const repeats = options.quick ? 3 : 7;
    const rows: string[][] = [];
    for (const count of [20, runs]) {
      for (const axis of ["step", "relative"]) {
        const ids = Array.from({ length: count }, (_, run) => `long-${run}`).join();
        const url = `${dashboard.url}/compare?runs=${ids}&axis=${axis}`;
        const times = await measure(browser, url, count, repeats);
        const { opened, again, zoomed, hidden, replyMs, bytes } = times;
        rows.push([
          `${count} runs by ${axis}`,
          ms(spread(opened).p50),
          ms(spread(again).p50),
          ms(spread(again).max),
          ms(spread(zoomed).p50),
          ms(spread(hidden).p50),
          ms(spread(replyMs).p50),
          whole(spread(bytes).p50),
        ]);
      }
    }
    printTable(
      [
        "",
        "first panel, a new browser",
        "again p50",
        "max",
        "a zoom p50",
        "a run hidden p50",
        "a reply",
        "bytes",
      ],
      rows,
    );
  } finally {
    await browser.close();
  }
}

function curve(run: number, from: number): SeedPoint[] {
  const start = Date.now() - 1e8;
  return Array.from({ length: batch }, (_, index) => {
    const step = from + index;
    const noise = ((step * 7919 + run * 104_729) % 1000) / 5000;
    return [step, (2 + run / 50) / (1 + step / (3000 + run * 40)) + noise, start + step * 100];
  });
}

async function measure(browser: Browser, url: string, runs: number, repeats: number) {
  const opened: number[] = [];
  const again: number[] = [];
  const zoomed: number[] = [];
  const hidden: number[] = [];
  const replyMs: number[] = [];
  const bytes: number[] = [];
  for (let run = 0; run <= repeats; run += 1) {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on("requestfinished", async (request) => {
      if (!request.url().includes("/api/training/metrics?")) return;
      const timing = request.timing();
      replyMs.push(timing.responseEnd - timing.requestStart);
      bytes.push((await request.sizes()).responseBodySize);
    });
    const painted = async (text: RegExp) => {
      await page.waitForFunction(
        ([pattern]) => {
          const panel = document.querySelector('[data-series="train/loss"]');
          const plot = panel?.querySelector("canvas");
          return plot && new RegExp(pattern ?? "").test(panel?.getAttribute("data-lines") ?? "");
        },
        [text.source],
        { polling: "raf" },
      );
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
    };
    const open = async () => {
      const startedAt = machineMs();
      await page.goto(url, { waitUntil: "commit" });
      await painted(/^[1-9]/);
      return machineMs() - startedAt;
    };
    const first = await open();
    const second = await open();
    const plot = await page.locator(".u-over").first().boundingBox();
    if (!plot) throw new Error("The panel has no plot.");
    const y = plot.y + plot.height / 2;
    await page.mouse.move(plot.x + plot.width * 0.4, y);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.5, y, { steps: 2 });
    const reply = page.waitForResponse(/metrics\?.*from=/);
    const zoomedAt = machineMs();
    await page.mouse.up();
    await reply;
    await painted(/^[1-9]/);
    const zoomTook = machineMs() - zoomedAt;
    await page.locator("[data-legend]").nth(1).hover();
    const hiddenAt = machineMs();
    await page.getByRole("button", { name: "Hide long-1", exact: true }).click();
    await painted(new RegExp(`^${runs - 1}$`));
    // The server's own first time is not the page's.
    if (run > 0) {
      opened.push(first);
      again.push(second);
      zoomed.push(zoomTook);
      hidden.push(machineMs() - hiddenAt);
    }
    await page.close();
  }
  return { opened, again, zoomed, hidden, replyMs, bytes };
}
