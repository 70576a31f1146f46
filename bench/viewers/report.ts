import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { Probe } from "../kit/probe.ts";
import { medianOf } from "../kit/statistics.ts";
import { ms, percent, printTable, ratio, whole } from "../kit/table.ts";
import type { BenchOptions } from "../options.ts";
import { measureViewers, type ViewersRun } from "./viewers.ts";

/** 1, 100, 1,000 viewers of one run that reports ten times a second, in each content coding. */
export async function reportViewers(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  console.log("Viewers of one run, 10 updates a second: from just before the POST to each viewer");
  const probe = await Probe.open(dashboard, "web");
  try {
    // What a server needs for any viewer at all must not count as the cost of the first ones.
    await measureViewers(dashboard, probe, { viewers: 10, encoding: "gzip", seconds: 2 });
    const base = await probe.usage({ collect: true });
    if (options.profile) await mkdir(options.profile, { recursive: true });
    const medians: [string, number, ViewersRun][] = [];
    const cases = options.encodings.flatMap((encoding) =>
      options.viewers.map((viewers) => [encoding, viewers] as const),
    );
    for (const [encoding, viewers] of cases) {
      const runs: ViewersRun[] = [];
      for (let run = 0; run < options.runs; run += 1) {
        const profile =
          options.profile &&
          join(options.profile, `viewers-${encoding}-${viewers}-${run + 1}.cpuprofile`);
        const seconds = options.quick ? 3 : 20;
        runs.push(
          await measureViewers(dashboard, probe, { viewers, encoding, seconds, base, profile }),
        );
      }
      medians.push([encoding, viewers, worstCounts(runs, medianOf(runs))]);
    }
    print(medians);
  } finally {
    probe.close();
  }
}

/** A loss in any of the runs is a loss. */
function worstCounts(runs: ViewersRun[], medians: ViewersRun): ViewersRun {
  const worst = (key: "lost" | "doubled" | "wrong") => Math.max(...runs.map((run) => run[key]));
  return { ...medians, lost: worst("lost"), doubled: worst("doubled"), wrong: worst("wrong") };
}

function print(medians: [string, number, ViewersRun][]): void {
  const base = medians[0]?.[2].p50 ?? Number.NaN;
  printTable(
    [
      "coding",
      "viewers",
      "bytes an update",
      "p50",
      "p95",
      "p99",
      "max",
      "p50 to the first",
      "lost",
      "doubled",
      "wrong",
      "memory each",
      "of it heap",
      "web CPU",
      "viewers' CPU",
      "all open after",
    ],
    medians.map(([encoding, viewers, run]) => [
      encoding,
      whole(viewers),
      whole(run.bytes),
      ms(run.p50),
      ms(run.p95),
      ms(run.p99),
      ms(run.max),
      ratio(run.p50 / base),
      whole(run.lost),
      whole(run.doubled),
      whole(run.wrong),
      // The noise of a whole process is no viewer's memory.
      viewers < 100 ? "–" : `${run.rssEach.toFixed(0)} kB`,
      viewers < 100 ? "–" : `${run.heapEach.toFixed(0)} kB`,
      percent(run.webCpu),
      percent(run.clientCpu),
      ms(run.openMs),
    ]),
  );
}
