import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { findBrowser } from "../../scripts/test/browser.ts";
import { medianOf, type Spread } from "../kit/statistics.ts";
import { ms, printTable, ratio } from "../kit/table.ts";
import { Trainer } from "../kit/trainer.ts";
import type { BenchOptions } from "../options.ts";
import { measurePixel, type PixelRun, type PixelTarget } from "./pixel.ts";

const bareServer = fileURLToPath(new URL("./bare-server.ts", import.meta.url));

/** From a trainer's POST to the painted panel of the run's page, beside the barest live page. */
export async function reportPixel(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  const updates = options.quick ? 30 : 300;
  console.log(`POST to pixel: ${updates} updates, 10 a second, a page of five panels in Chromium`);
  const browser = await chromium.launch({ executablePath: findBrowser() });
  try {
    const dashboardRuns: PixelRun[] = [];
    const bareRuns: PixelRun[] = [];
    for (let run = 0; run < options.runs; run += 1) {
      bareRuns.push(await withBareServer((target) => measurePixel(browser, target, updates)));
      dashboardRuns.push(await measureRunPage(browser, dashboard, updates));
    }
    print(dashboardRuns, bareRuns);
  } finally {
    await browser.close();
  }
}

async function measureRunPage(
  browser: Browser,
  dashboard: Dashboard,
  updates: number,
): Promise<PixelRun> {
  const trainer = await Trainer.attach(dashboard, "pixel");
  const post = (step: number) =>
    trainer.post([
      {
        step,
        // The trainer's own time: points that arrive together after a delay are not downsampled.
        timestamp: Date.now(),
        "bench/loss": 1 / step,
        "bench/learning_rate": 1e-3,
        "bench/grad_norm": Math.sin(step),
        "bench/tokens_per_second": 900 + (step % 7),
        "bench/accuracy": 1 - 1 / step,
      },
    ]);
  const url = `${dashboard.url}/runs/${trainer.jobId}`;
  return measurePixel(browser, { url, live: '[data-connection="live"]', post }, updates);
}

async function withBareServer<T>(work: (target: PixelTarget) => Promise<T>): Promise<T> {
  const server = fork(bareServer, { env: { ...process.env, NODE_OPTIONS: "" } });
  try {
    const [port] = (await once(server, "message")) as [number];
    const url = `http://127.0.0.1:${port}/`;
    const post = async (step: number) => {
      const body = JSON.stringify({ metrics: [{ step, "bench/loss": 1 / step }] });
      await (await fetch(url, { method: "POST", body })).text();
    };
    return await work({ url, live: "section", post });
  } finally {
    server.kill();
  }
}

const stages = [
  ["POST answered", "answered"],
  ["frame in the page", "arrived"],
  ["words rendered", "rendered"],
  ["canvas drawn", "drawn"],
  ["panel painted", "painted"],
] as const;

function print(runs: PixelRun[], bareRuns: PixelRun[]): void {
  printTable(
    [
      "from just before the POST",
      "p50",
      "p95",
      "p99",
      "max",
      "bare p50",
      "bare p99",
      "p50 to bare",
    ],
    stages.map(([title, stage]) => {
      const ours: Spread = medianOf(runs.map((run) => run[stage]));
      const bare: Spread = medianOf(bareRuns.map((run) => run[stage]));
      return [
        title,
        ...[ours.p50, ours.p95, ours.p99, ours.max, bare.p50, bare.p99].map(ms),
        ratio(ours.p50 / bare.p50),
      ];
    }),
  );
}
