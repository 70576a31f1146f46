import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { spread } from "../kit/statistics.ts";
import { ms, printTable, ratio, whole } from "../kit/table.ts";
import type { BenchOptions } from "../options.ts";

const epochs = 50;
const batchSize = 1_000;

interface Read {
  name: string;
  path: string;
}

const reads: Read[] = [
  { name: "table, first page", path: `?epoch=${epochs - 1}&limit=100` },
  { name: "table, last page", path: `?epoch=${epochs - 1}&limit=100&offset=LAST` },
  { name: "worst first", path: `?epoch=${epochs - 1}&limit=100&sort=worst` },
  {
    name: "most regressed",
    path: `?epoch=${epochs - 1}&changed_from=0&limit=100&sort=regressed`,
  },
  { name: "search", path: `?epoch=${epochs - 1}&limit=100&q=word77` },
  { name: "trends", path: "/trends" },
  { name: "map", path: "/map" },
  { name: "one sample's history", path: "/samples/7" },
];

/** How long the Epochs tab's reads take over HTTP, and how they grow from 10,000 predictions on. */
export async function reportPredictions(
  dashboard: Dashboard,
  options: BenchOptions,
): Promise<void> {
  console.log(`Predictions: ${epochs} epochs, reads over HTTP on the embedded database`);
  const sizes = options.quick ? [200] : [200, 20_000];
  const repeats = options.quick ? 5 : 20;
  const medians = new Map<string, number>();
  for (const samples of sizes) {
    const id = `predictions-${samples}`;
    const storing = await store(dashboard, id, samples);
    const rows: string[][] = [["store 1,000", ms(storing.p50), ms(storing.p95), "", ""]];
    for (const { name, path } of reads) {
      const url = `/api/training/predictions/${id}${path.replace("LAST", String(samples - 100))}`;
      const times: number[] = [];
      let bytes = 0;
      for (let run = 0; run < repeats; run += 1) {
        const startedAt = performance.now();
        const reply = await dashboard.api("GET", url);
        bytes = (await reply.arrayBuffer()).byteLength;
        if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
        times.push(performance.now() - startedAt);
      }
      const { p50, p95 } = spread(times);
      const base = medians.get(name);
      if (base === undefined) medians.set(name, p50);
      rows.push([name, ms(p50), ms(p95), whole(bytes), base ? ratio(p50 / base) : ""]);
    }
    console.log(`\n${whole(samples * epochs)} predictions of ${whole(samples)} samples`);
    printTable(["", "p50", "p95", "bytes", "to 10,000"], rows);
  }
}

/** Stores `epochs` answers to each sample, which get better with the epochs. */
async function store(dashboard: Dashboard, id: string, samples: number) {
  await dashboard.api("POST", "/api/training/local/jobs", { job_id: id, name: id });
  const times: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let first = 0; first < samples; first += batchSize) {
      const predictions = Array.from({ length: Math.min(batchSize, samples - first) }, (_, i) =>
        prediction(epoch, first + i),
      );
      const startedAt = performance.now();
      const reply = await dashboard.api("POST", "/api/training/local/predictions", {
        job_id: id,
        predictions,
      });
      if (!reply.ok) throw new Error(`Storing predictions answered ${reply.status}`);
      times.push(performance.now() - startedAt);
    }
  }
  return spread(times);
}

function prediction(epoch: number, sample: number) {
  const learned = (sample * 7919) % epochs;
  const forgotten = epoch > learned && (sample + epoch) % 11 === 0;
  const right = epoch >= learned && !forgotten;
  return {
    epoch,
    step: epoch * 100,
    sample_index: sample,
    prompt: `word${sample}`,
    prediction: right ? "W ER D AH N" : `W ER ${"AH ".repeat(1 + ((sample + epoch) % 4))}`,
    ground_truth: "W ER D AH N",
    tokens: 5,
    latency_ms: 2.5,
  };
}
