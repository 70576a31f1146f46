import { chromium } from "playwright";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { findBrowser } from "../../scripts/test/browser.ts";
import { medianOf } from "../kit/statistics.ts";
import { ms, printTable } from "../kit/table.ts";
import { Trainer, type WideRow } from "../kit/trainer.ts";
import type { BenchOptions } from "../options.ts";
import { measurePanels, type PanelsRun } from "../panels/panels.ts";

const seriesCount = 8;
const layouts = [5, 20];
/** `measurePanels` posts ten times a second; each run takes every fifth turn. */
const turns = 5;

/** The main thread's work for a compare page on which every run is live. */
export async function reportCompareLive(
  dashboard: Dashboard,
  options: BenchOptions,
): Promise<void> {
  console.log(
    `Compare page, live: ${seriesCount} panels, each run reports twice a second, Chromium`,
  );
  const browser = await chromium.launch({ executablePath: findBrowser() });
  try {
    const rows: string[][] = [];
    for (const count of layouts) {
      const taken: PanelsRun[] = [];
      for (let run = 0; run < options.runs; run += 1) {
        const trainers: Trainer[] = [];
        while (trainers.length < count) {
          trainers.push(await Trainer.attach(dashboard, "compare-live"));
        }
        let step = 0;
        for (const trainer of trainers)
          await trainer.post(Array.from({ length: 500 }, (_, at) => row(at)));
        taken.push(
          await measurePanels(browser, {
            url: `${dashboard.url}/compare?runs=${trainers.map(({ jobId }) => jobId).join()}`,
            height: 1400,
            seconds: options.quick ? 3 : 10,
            post: (index) => {
              step += 1;
              const due = trainers.filter((_, at) => at % turns === index % turns);
              return Promise.all(due.map((trainer) => trainer.post([row(500 + step)])));
            },
          }),
        );
      }
      const { taskMs, threadMs, scriptMs, drawn } = medianOf(taken);
      rows.push([
        `${count} runs × ${drawn} panels`,
        `${ms(taskMs)}/s`,
        `${ms(threadMs)}/s`,
        `${ms(scriptMs)}/s`,
      ]);
    }
    printTable(["", "main thread, on the clock", "of processor", "of it script"], rows);
  } finally {
    await browser.close();
  }
}

function row(step: number): WideRow {
  const wide: WideRow = { step };
  for (let series = 0; series < seriesCount; series += 1) {
    wide[`bench/series_${series}`] =
      Math.sin(step / (50 + series)) + ((step * 7 + series) % 11) / 50;
  }
  return wide;
}
