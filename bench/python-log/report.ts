import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { findPython } from "../../scripts/test/python.ts";
import { median, medianBounds, percentile } from "../kit/statistics.ts";
import { printTable } from "../kit/table.ts";
import type { BenchOptions } from "../options.ts";

interface Measured {
  python: string;
  calls: number[];
  nothing: number[];
  /** Calls one after the other. */
  close: number[];
  /** Share of a core that the threads beside the training take at 1,000 calls a second. */
  sender: number;
  /** Whether the script, its sender included, had a core without the dashboard. */
  apart: boolean;
  /** A loop's work a step; the time it took with a call a step ÷ without, one for each pair of turns. */
  loops: [string, number[]][];
  sent: boolean;
}

const micros = (nanoseconds: number) => `${(nanoseconds / 1000).toFixed(1)} µs`;
const percentMore = (ratio: number) => `${((ratio - 1) * 100).toFixed(2)} %`;

/** What the Python SDK's `log()` costs at 1,000 calls a second, and how it slows a loop. */
export async function reportPythonLog(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  const python = findPython();
  if (!python) return console.log("Left out: there is no Python 3.9 or newer here.\n");
  const runs: Measured[] = [];
  for (let index = 0; index < options.runs; index += 1) {
    runs.push(await measure(python, dashboard, options.quick ? 2 : 10));
  }
  const first = runs[0];
  if (!first) return;
  console.log(`Python SDK: log() of three figures, Python ${first.python}\n`);
  const row = (name: string, of: (run: Measured) => number[]) => [
    name,
    ...[0.5, 0.99, 0.999].map((p) => micros(median(runs.map((run) => percentile(of(run), p))))),
  ];
  printTable(
    ["a call", "median", "p99", "p99.9"],
    [
      row("log(), 1,000 a second", (run) => run.calls),
      row("log(), one after the other", (run) => run.close),
      row("nothing, 1,000 a second", (run) => run.nothing),
    ],
  );
  const inLog = (median(runs.map((run) => median(run.close))) * 1000) / 1e9;
  const beside = median(runs.map((run) => run.sender));
  console.log(
    `At 1,000 calls a second: ${(inLog * 100).toFixed(2)} % of a core in log(), ` +
      `${(beside * 100).toFixed(2)} % beside the training.\n`,
  );
  printTable(
    ["work a step, one log() each", "slower, median", "95 % between", "pairs of turns"],
    first.loops.map(([work], index) => {
      const ratios = runs.flatMap((run) => run.loops[index]?.[1] ?? []);
      const [low, high] = medianBounds(ratios).map(percentMore);
      return [work, percentMore(median(ratios)), `${low} and ${high}`, `${ratios.length}`];
    }),
  );
  console.log(
    first.apart
      ? "The script and its sender share one core; the dashboard has the others.\n"
      : "The script shares its cores with the dashboard.\n",
  );
  if (!runs.every((run) => run.sent)) throw new Error("Not everything that was logged arrived.");
}

async function measure(python: string, dashboard: Dashboard, seconds: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-bench-"));
  const sdk = resolve(import.meta.dirname, "../../sdk/python/src");
  const child = spawn(python, [join(import.meta.dirname, "measure.py"), String(seconds), sdk], {
    cwd: folder,
    env: { ...process.env, SIGNALBOX_DATA_DIR: dashboard.dataDir, SIGNALBOX_QUIET: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  const [code] = await once(child, "close");
  await rm(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`The measuring script ended with ${code}.`);
  return JSON.parse(output) as Measured;
}
