import { type Browser, chromium, type Page } from "playwright";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { findBrowser } from "../../scripts/test/browser.ts";
import { machineMs } from "../kit/pace.ts";
import { inTurns, Seeder } from "../kit/seed.ts";
import { spread } from "../kit/statistics.ts";
import { ms, printTable, whole } from "../kit/table.ts";
import type { BenchOptions } from "../options.ts";

/** The runs page in a real browser, with ten thousand runs. */
export async function reportRuns(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  const count = options.quick ? 1_000 : 10_000;
  const repeats = options.quick ? 3 : 10;
  console.log(`Runs page: ${whole(count)} runs, each with a config and two series, Chromium`);
  const startedAt = machineMs();
  await seed(dashboard, count);
  console.log(`seeded in ${((machineMs() - startedAt) / 1000).toFixed(0)} s`);
  const browser = await chromium.launch({ executablePath: findBrowser() });
  try {
    const opened = await measureOpening(browser, dashboard, repeats);
    const acted = await measureActions(browser, dashboard, count, repeats);
    const rows = Object.entries({ ...opened, ...acted }).map(([name, samples]) => {
      const { p50, p95, max } = spread(samples);
      return [name, ms(p50), ms(p95), ms(max)];
    });
    printTable(["from click or address to drawn rows", "p50", "p95", "max"], rows);
  } finally {
    await browser.close();
  }
}

async function seed(dashboard: Dashboard, count: number): Promise<void> {
  const seeder = await Seeder.open(dashboard);
  const start = Date.now() - 1_000_000;
  await inTurns(count, async (index) => {
    const id = `run-${String(index).padStart(5, "0")}`;
    await seeder.run({
      id,
      name: `Sweep ${String(index).padStart(5, "0")}`,
      config: {
        learning_rate: ((index * 7919) % count) / count,
        batch_size: [16, 32, 64, 128][index % 4],
        optimizer: { name: ["adam", "sgd", "lion"][index % 3] },
        seed: index,
      },
      tags: index % 10 === 0 ? ["baseline"] : [],
    });
    await seeder.points(id, {
      "train/loss": [
        [0, 4, start],
        [100, ((index * 104_729) % 10_007) / 10_007, start + 1000],
      ],
      "eval/loss": [[100, ((index * 15_485_863) % 10_007) / 10_007, start + 1000]],
    });
  });
}

type Times = Record<string, number[]>;

const columns = "state,config.learning_rate,config.batch_size,latest.train/loss,latest.eval/loss";

/** From the address until rows are painted; each time in a browser that knows nothing yet. */
async function measureOpening(
  browser: Browser,
  dashboard: Dashboard,
  repeats: number,
): Promise<Times> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let run = 0; run <= repeats; run += 1) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const open = async () => {
      const startedAt = machineMs();
      await page.goto(`${dashboard.url}/runs?cols=${columns}`, { waitUntil: "commit" });
      await painted(page, () => document.querySelectorAll("[data-row]").length > 10);
      return machineMs() - startedAt;
    };
    const first = await open();
    const again = await open();
    // The server's own first time is not the page's.
    if (run > 0) {
      cold.push(first);
      warm.push(again);
    }
    await context.close();
  }
  return { "first rows, a new browser": cold, "first rows, again": warm };
}

/** What one does on the page once it stands. */
async function measureActions(
  browser: Browser,
  dashboard: Dashboard,
  count: number,
  repeats: number,
): Promise<Times> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${dashboard.url}/runs?cols=${columns}`);
  await page.locator("[data-row]").first().waitFor();
  const times: Times = {};
  const measure = async (name: string, act: () => Promise<unknown>) => {
    const before = await shownRows(page);
    const startedAt = machineMs();
    await act();
    await painted(page, rowsDifferFrom, before);
    times[name] ??= [];
    times[name].push(machineMs() - startedAt);
  };
  const title = (name: string) => page.locator(`th[data-column="${name}"] button`);
  for (let run = 0; run < repeats; run += 1) {
    await measure("sort by a config value", () => title("config.learning_rate").click());
    await measure("sort by a series' latest value", () => title("latest.train/loss").click());
    await measure("sort by name", () => title("name").click());
    const search = page.getByRole("searchbox", { name: /^Search runs/ });
    // From the middle of the list, so that other rows come.
    const text = `Sweep ${String(count / 2 + run * (count / 100))
      .padStart(5, "0")
      .slice(0, 3)}`;
    await measure("search", () => search.fill(text));
    await measure("search cleared", () => search.fill(""));
    await measure("to the end of the list", () =>
      page.locator("table[aria-label=Runs]").evaluate((table) => {
        const scroller = table.parentElement;
        if (scroller) scroller.scrollTop = scroller.scrollHeight;
      }),
    );
    await page.locator("table[aria-label=Runs]").evaluate((table) => {
      if (table.parentElement) table.parentElement.scrollTop = 0;
    });
    await painted(page, () => document.querySelector('[data-index="0"]') !== null);
  }
  await page.close();
  return times;
}

function shownRows(page: Page): Promise<string> {
  return page
    .locator("[data-row]")
    .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-row")).join());
}

/** In the page: rows stand there, and they are others, and none of them waits for its data. */
function rowsDifferFrom(before: string): boolean {
  const rows = [...document.querySelectorAll("[data-row]")];
  const now = rows.map((row) => row.getAttribute("data-row")).join();
  const busy = document.querySelector('table[aria-busy="true"]') !== null;
  return rows.length > 10 && now !== before && !busy;
}

/** Until `done` holds in the page, and the frame after that has begun. */
async function painted(
  page: Page,
  done: (argument: string) => boolean,
  argument = "",
): Promise<void> {
  await page.waitForFunction(done, argument, { polling: "raf", timeout: 30_000 });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
}
