import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { machineMs } from "../kit/pace.ts";
import { onPostgres } from "../kit/postgres.ts";
import { median, spread } from "../kit/statistics.ts";
import { ms, printTable, ratio, whole } from "../kit/table.ts";
import { Trainer, type WideRow } from "../kit/trainer.ts";
import type { BenchOptions } from "../options.ts";

const name = "train/loss";
const batchSize = 1_000;
/** What a panel of 500 pixels asks for. */
const buckets = 500;
/** Over how many batches before a size is reached its rate is taken. */
const rateWindow = 200;

/** One series of ever more points: how long its views take, and ingest while it grows. */
export async function reportSeries(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  await report("embedded PGlite", dashboard, undefined, options);
  if (!options.postgres) return;
  await onPostgres((other, { accessToken }) => report("PostgreSQL", other, accessToken, options));
}

interface View {
  name: string;
  /** The range of steps, of so many points. */
  range: (points: number) => [number, number] | null;
}

const views: View[] = [
  { name: "full range", range: () => null },
  { name: "a hundredth of it", range: (points) => middle(points, points / 100) },
  { name: "1,000 steps", range: (points) => middle(points, 1_000) },
];

function middle(points: number, steps: number): [number, number] {
  const from = Math.floor(points * 0.37);
  return [from, from + Math.floor(steps) - 1];
}

async function report(
  engine: string,
  dashboard: Dashboard,
  bearer: string | undefined,
  options: BenchOptions,
): Promise<void> {
  console.log(
    `One series on ${engine}: batches of ${whole(batchSize)}, views of ${buckets} buckets`,
  );
  const sizes = options.quick ? [1e4, 1e5] : [1e4, 1e5, 1e6, 1e7];
  const repeats = options.quick ? 10 : 40;
  const trainer = await Trainer.attach(dashboard, "series", bearer);
  const reader = bearer ? { Authorization: `Bearer ${bearer}` } : await keyHeader(dashboard);
  const ingest: string[][] = [];
  const read: string[][] = [];
  const base = new Map<string, number>();
  let firstRate: number | undefined;
  let stored = 0;
  for (const size of sizes) {
    const took: number[] = [];
    for (; stored < size; stored += batchSize) {
      const rows = batch(stored);
      const startedAt = machineMs();
      await trainer.post(rows);
      took.push(machineMs() - startedAt);
    }
    const rate = (batchSize * 1000) / median(took.slice(-rateWindow));
    firstRate ??= rate;
    ingest.push([whole(size), whole(rate), ratio(rate / firstRate)]);
    for (const view of views) {
      const { times, bytes } = await measureView(dashboard, trainer.jobId, reader, {
        range: view.range(size),
        repeats,
      });
      const { p50, p95 } = spread(times);
      const first = base.get(view.name) ?? p50;
      base.set(view.name, first);
      read.push([view.name, whole(size), ms(p50), ms(p95), whole(bytes), ratio(p50 / first)]);
    }
  }
  read.sort(([a], [b]) => order(a) - order(b));
  printTable(["points stored", "points/s", "to the first"], ingest);
  printTable(["view", "points", "p50", "p95", "bytes", "p50 to the first"], read);
  await measureDeletion(dashboard, trainer.jobId, reader, stored);
}

function order(view: string | undefined): number {
  return views.findIndex(({ name: known }) => known === view);
}

async function keyHeader(dashboard: Dashboard): Promise<Record<string, string>> {
  return { "X-API-Key": await dashboard.apiKey() };
}

function batch(firstStep: number): WideRow[] {
  return Array.from({ length: batchSize }, (_, index) => {
    const step = firstStep + index;
    const noise = ((step * 2654435761) % 4294967296) / 4294967296;
    return { step, [name]: 4 / (1 + step / 5000) + noise };
  });
}

async function measureView(
  dashboard: Dashboard,
  jobId: string,
  headers: Record<string, string>,
  { range, repeats }: { range: [number, number] | null; repeats: number },
) {
  const query = new URLSearchParams({ names: name, buckets: String(buckets), format: "columns" });
  if (range) {
    query.set("from", String(range[0]));
    query.set("to", String(range[1]));
  }
  const url = `${dashboard.url}/api/training/local/${jobId}/metrics?${query}`;
  const times: number[] = [];
  let bytes = 0;
  for (let run = 0; run < repeats + 3; run += 1) {
    const startedAt = machineMs();
    const reply = await fetch(url, { headers });
    bytes = (await reply.arrayBuffer()).byteLength;
    if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
    if (run >= 3) times.push(machineMs() - startedAt);
  }
  return { times, bytes };
}

/** Deletes the run while a health check every 50 ms tells how long others wait for the database. */
async function measureDeletion(
  dashboard: Dashboard,
  jobId: string,
  headers: Record<string, string>,
  points: number,
): Promise<void> {
  const url = `${dashboard.url}/api/training`;
  const json = { ...headers, "Content-Type": "application/json" };
  const stop = await fetch(`${url}/local/jobs`, {
    method: "POST",
    headers: json,
    body: JSON.stringify({ job_id: jobId, status: "succeeded" }),
  });
  if (!stop.ok) throw new Error(`Ending the run answered ${stop.status}`);
  const waits: number[] = [];
  let deleted = false;
  const others = (async () => {
    while (!deleted) {
      const startedAt = machineMs();
      await (await fetch(`${url}/jobs?limit=1`, { headers })).arrayBuffer();
      waits.push(machineMs() - startedAt);
    }
  })();
  const startedAt = machineMs();
  const reply = await fetch(`${url}/${jobId}`, { method: "DELETE", headers });
  if (!reply.ok) throw new Error(`Deleting answered ${reply.status}`);
  const took = machineMs() - startedAt;
  deleted = true;
  await others;
  const { p50, max } = spread(waits);
  console.log(
    `Deleting the run of ${whole(points)} points took ${ms(took)}; a reader beside it waited ${ms(p50)} (p50), ${ms(max)} at most.\n`,
  );
}
