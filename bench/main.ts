import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Dashboard } from "../e2e/kit/dashboard.ts";
import { ensureBuilt } from "../scripts/start/build.ts";
import { reportCompareLive } from "./compare/live-report.ts";
import { reportCompare } from "./compare/report.ts";
import { reportFairness } from "./fairness/report.ts";
import { reportIngest } from "./ingest/report.ts";
import { probeEnv } from "./kit/probe.ts";
import type { BenchOptions } from "./options.ts";
import { reportPanels } from "./panels/report.ts";
import { reportPixel } from "./pixel/report.ts";
import { reportPredictions } from "./predictions/report.ts";
import { reportPythonLog } from "./python-log/report.ts";
import { reportRuns } from "./runs/report.ts";
import { reportSeries } from "./series/report.ts";
import { reportViewers } from "./viewers/report.ts";

const benches = {
  pixel: reportPixel,
  ingest: reportIngest,
  fairness: reportFairness,
  viewers: reportViewers,
  panels: reportPanels,
  series: reportSeries,
  predictions: reportPredictions,
  "python-log": reportPythonLog,
  runs: reportRuns,
  compare: reportCompare,
  "compare-live": reportCompareLive,
};

const usage = `npm run bench [-- ${Object.keys(benches).join(" | ")} …] [options]
  --runs <n>        runs of each measurement, of which the median is shown (3)
  --quick           one short run of each: to see that it works, not for figures
  --viewers <list>  numbers of viewers (1,100,1000)
  --encodings <list> content codings of the viewers (identity,gzip,br,zstd)
  --postgres        fairness, ingest and series also on a real PostgreSQL
  --profile <dir>   write processor profiles of the web server there`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string", default: "3" },
      quick: { type: "boolean", default: false },
      viewers: { type: "string", default: "1,100,1000" },
      encodings: { type: "string", default: "identity,gzip,br,zstd" },
      postgres: { type: "boolean", default: false },
      profile: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(benches);
  if (values.help || names.some((name) => !(name in benches))) return console.log(usage);
  const options: BenchOptions = {
    runs: values.quick ? 1 : Number(values.runs),
    quick: values.quick,
    viewers: values.viewers.split(",").map(Number),
    encodings: values.encodings.split(","),
    postgres: values.postgres,
    profile: values.profile ? resolve(values.profile) : undefined,
  };

  const root = resolve(import.meta.dirname, "..");
  await ensureBuilt(root, process.env.SIGNALBOX_BUILD_DIR || ".next", console.log);
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.version}`;
  console.log(`\n${machine}\nLoad before: ${load()}. Median of ${options.runs}.\n`);
  const dashboard = await Dashboard.create(probeEnv);
  process.once("SIGINT", () => void dashboard.remove().finally(() => process.exit(1)));
  try {
    await dashboard.start();
    for (const [name, report] of Object.entries(benches)) {
      if (names.includes(name)) await report(dashboard, options);
    }
  } finally {
    await dashboard.remove();
  }
  console.log(`Load after: ${load()}`);
}

function load(): string {
  return loadavg()
    .map((value) => value.toFixed(1))
    .join(" ");
}

await main();
