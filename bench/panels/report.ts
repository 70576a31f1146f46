import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { findBrowser } from "../../scripts/test/browser.ts";
import { medianOf } from "../kit/statistics.ts";
import { ms, printTable, whole } from "../kit/table.ts";
import { Trainer, type WideRow } from "../kit/trainer.ts";
import type { BenchOptions } from "../options.ts";
import { measurePanels, type PanelsRun } from "./panels.ts";

const seriesCount = 120;
/** The panels on the screen, four in a row, and the series in each. */
const layouts = [
  { panels: 24, series: 1 },
  { panels: 24, series: 5 },
  { panels: 8, series: 5 },
];

/** Measures the main-thread load of a page of live panels. */
export async function reportPanels(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  console.log(`Live panels: ${seriesCount} series in the stream, 10 updates a second, Chromium`);
  if (options.profile) await mkdir(options.profile, { recursive: true });
  const browser = await chromium.launch({ executablePath: findBrowser() });
  try {
    const medians: PanelsRun[] = [];
    for (const layout of layouts) {
      const runs: PanelsRun[] = [];
      for (let run = 0; run < options.runs; run += 1) {
        const trainer = await Trainer.attach(dashboard, "panels");
        let step = 0;
        const next = () => {
          step += 1;
          return row(step);
        };
        for (let batch = 0; batch < 25; batch += 1) {
          await trainer.post(Array.from({ length: 40 }, next));
        }
        const { profile } = options;
        runs.push(
          await measurePanels(browser, {
            url: `${dashboard.url}/runs/${trainer.jobId}?${query(layout)}`,
            height: 300 + Math.ceil(layout.panels / 4) * 250,
            seconds: options.quick ? 3 : 10,
            post: () => trainer.post([next()]),
            ...(profile && {
              onProfile: (taken) =>
                writeFile(
                  join(profile, `panels-${layout.panels}x${layout.series}-${run + 1}.cpuprofile`),
                  JSON.stringify(taken),
                ),
            }),
          }),
        );
      }
      medians.push(medianOf(runs));
    }
    print(medians);
  } finally {
    await browser.close();
  }
}

/** The URL query that shows only the panels of a layout. */
function query({ panels, series }: (typeof layouts)[number]): string {
  const custom = Array.from({ length: panels }, (_, panel) => ({
    id: String(panel + 1),
    title: `watched ${panel + 1}`,
    names: Array.from({ length: series }, (_, index) => `bench/series_${panel * series + index}`),
    match: "",
  }));
  return new URLSearchParams({ custom: JSON.stringify(custom), panels: "watched" }).toString();
}

function row(step: number): WideRow {
  const wide: WideRow = { step };
  for (let series = 0; series < seriesCount; series += 1) {
    wide[`bench/series_${series}`] =
      Math.sin(step / (50 + series)) + ((step * 7 + series) % 11) / 50;
  }
  return wide;
}

function print(medians: readonly PanelsRun[]): void {
  printTable(
    [
      "panels × series",
      "main thread, on the clock",
      "of processor",
      "of it script",
      "frames a second",
    ],
    medians.map(({ drawn, taskMs, threadMs, scriptMs, framesPerSecond }, index) => [
      `${whole(drawn)} × ${layouts[index]?.series}`,
      `${ms(taskMs)}/s`,
      `${ms(threadMs)}/s`,
      `${ms(scriptMs)}/s`,
      whole(framesPerSecond),
    ]),
  );
}
