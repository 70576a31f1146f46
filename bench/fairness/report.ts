import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { embeddedSupabase } from "../ingest/direct.ts";
import { machineMs, onBeat } from "../kit/pace.ts";
import { onPostgres } from "../kit/postgres.ts";
import { percentile } from "../kit/statistics.ts";
import { ms, printTable, ratio, whole } from "../kit/table.ts";
import { Trainer } from "../kit/trainer.ts";
import type { BenchOptions } from "../options.ts";
import { whileFlooding } from "./flood.ts";
import { floodNames } from "./messages.ts";

const everyMs = 50;

interface Target {
  dashboard: Dashboard;
  supabase: { url: string; publishableKey: string };
  /** A's access token where there is no local owner. */
  bearer?: string;
}

/** How long one user's small POST takes alone, and while another user floods the dashboard. */
export async function reportFairness(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  const { url } = await embeddedSupabase(dashboard);
  const keys = await readFile(join(dashboard.dataDir, "supabase.json"), "utf8");
  const { publishableKey } = JSON.parse(keys) as { publishableKey: string };
  await report("embedded PGlite", { dashboard, supabase: { url, publishableKey } }, options);
  if (!options.postgres) return;
  await onPostgres((other, supabase) =>
    report("PostgreSQL", { dashboard: other, supabase, bearer: supabase.accessToken }, options),
  );
}

async function report(engine: string, target: Target, options: BenchOptions): Promise<void> {
  console.log(`A's POST of five points, 20 a second, while B floods, on ${engine}`);
  const { dashboard } = target;
  const accessToken = await signUp(target.supabase);
  const a = await Trainer.attach(dashboard, "fair-a", target.bearer);
  const seconds = options.quick ? 2 : 5;
  const rows: string[][] = [];
  for (const flood of floodNames) {
    const alone: number[] = [];
    const beside: number[] = [];
    const total = { done: 0, refused: 0, seconds: 0 };
    const job = await attach(dashboard, accessToken);
    const wide = await wideRun(dashboard, accessToken);
    for (let run = 0; run < options.runs; run += 1) {
      alone.push(...(await posts(a, seconds)));
      const plan = { flood, url: dashboard.url, accessToken, ...job, wideJobId: wide };
      const flooded = await whileFlooding(plan, () => posts(a, seconds));
      beside.push(...flooded.result);
      total.done += flooded.report.done;
      total.refused += flooded.report.refused;
      total.seconds += flooded.seconds;
      // What B left behind is not part of the next phase.
      await a.post([row(0)]);
    }
    const p99 = percentile(beside, 0.99) / percentile(alone, 0.99);
    rows.push([
      flood,
      whole(total.done / total.seconds),
      whole(total.refused / total.seconds),
      ms(percentile(alone, 0.5)),
      ms(percentile(alone, 0.99)),
      ms(percentile(beside, 0.5)),
      ms(percentile(beside, 0.99)),
      ratio(p99),
    ]);
  }
  printTable(
    ["B", "B's done/s", "refused/s", "alone p50", "p99", "beside B p50", "p99", "p99 to alone"],
    rows,
  );
}

let step = 0;
const row = (value: number) => ({ step, a: value, b: 1, c: 2, d: 3, e: 4 });

/** Milliseconds of each POST, on a beat that does not wait for answers. */
async function posts(a: Trainer, seconds: number): Promise<number[]> {
  const took: number[] = [];
  await onBeat((seconds * 1000) / everyMs, everyMs, async (index) => {
    step += 1;
    const startedAt = machineMs();
    await a.post([row(index)]);
    took.push(machineMs() - startedAt);
  });
  return took;
}

async function signUp({ url, publishableKey }: Target["supabase"]): Promise<string> {
  const response = await fetch(`${url}/auth/v1/signup`, {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: publishableKey },
    body: JSON.stringify({ email: "flood@signalbox.local", password: "correct horse battery" }),
  });
  if (!response.ok) throw new Error(`Signing up: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

let attached = 0;

async function attach(dashboard: Dashboard, accessToken: string) {
  attached += 1;
  const jobId = `flood-${attached}`;
  const response = await fetch(`${dashboard.url}/api/training/local/jobs`, {
    method: "POST",
    headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
    body: JSON.stringify({ job_id: jobId, status: "running" }),
  });
  if (!response.ok) throw new Error(`Attaching: ${response.status} ${await response.text()}`);
  const { job_token: jobToken } = (await response.json()) as { job_token: string };
  return { jobId, jobToken };
}

let wideJobId: Promise<string> | undefined;
let wideOf = "";

/** A run of 1,000 series of 100 points, made once for each dashboard. */
function wideRun(dashboard: Dashboard, accessToken: string): Promise<string> {
  if (wideOf !== dashboard.url || !wideJobId) {
    wideOf = dashboard.url;
    wideJobId = makeWideRun(dashboard, accessToken);
  }
  return wideJobId;
}

async function makeWideRun(dashboard: Dashboard, accessToken: string): Promise<string> {
  const { jobId, jobToken } = await attach(dashboard, accessToken);
  for (let first = 0; first < 100; first += 10) {
    const points = Array.from({ length: 10_000 }, (_, index) => ({
      name: `wide/${index % 1000}`,
      step: first + Math.floor(index / 1000),
      value: index,
    }));
    const response = await fetch(`${dashboard.url}/api/training/local/metrics`, {
      method: "POST",
      headers: { Authorization: `Bearer ${jobToken}`, "Content-Type": "application/json" },
      body: JSON.stringify({ job_id: jobId, points }),
    });
    if (!response.ok) throw new Error(`The wide run: ${response.status}`);
  }
  return jobId;
}
