import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { onPostgres } from "../kit/postgres.ts";
import { median } from "../kit/statistics.ts";
import { ms, printTable, ratio, whole } from "../kit/table.ts";
import { Trainer } from "../kit/trainer.ts";
import type { BenchOptions } from "../options.ts";
import { DirectIngest, embeddedSupabase, type SupabaseAddress } from "./direct.ts";
import { type IngestRun, measureIngest } from "./ingest.ts";

/** Points a second through HTTP, beside the SQL function called directly. */
export async function reportIngest(dashboard: Dashboard, options: BenchOptions): Promise<void> {
  const address = await embeddedSupabase(dashboard);
  await report("embedded PGlite", { dashboard, address }, options);
  if (!options.postgres) return;
  await onPostgres((other, supabase) =>
    report(
      "PostgreSQL",
      { dashboard: other, address: supabase, bearer: supabase.accessToken },
      options,
    ),
  );
}

interface Target {
  dashboard: Dashboard;
  address: SupabaseAddress;
  bearer?: string;
}

async function report(
  engine: string,
  { dashboard, address, bearer }: Target,
  options: BenchOptions,
): Promise<void> {
  console.log(`Ingest on ${engine}: points of five series, a batch at a time of each sender`);
  const seconds = options.quick ? 1 : 5;
  const rows: string[][] = [];
  for (const points of [1, 100, 1000]) {
    for (const senders of [1, 4]) {
      const http: IngestRun[] = [];
      const direct: IngestRun[] = [];
      for (let run = 0; run < options.runs; run += 1) {
        const plan = { points, senders, seconds };
        const trainer = await Trainer.attach(dashboard, "ingest", bearer);
        http.push(await measureIngest((batch) => trainer.post(batch), plan));
        const other = await Trainer.attach(dashboard, "ingest", bearer);
        const base = await DirectIngest.open(address, other.jobId);
        direct.push(await measureIngest((batch) => base.post(batch), plan));
      }
      const rate = (runs: IngestRun[]) => median(runs.map((run) => run.pointsPerSecond));
      const batchMs = (runs: IngestRun[]) => median(runs.map((run) => run.batchMs));
      rows.push([
        `${whole(points)} points, ${senders} ${senders === 1 ? "sender" : "senders"}`,
        whole(rate(http)),
        ms(batchMs(http)),
        whole(rate(direct)),
        ms(batchMs(direct)),
        ratio(rate(http) / rate(direct)),
      ]);
    }
  }
  printTable(["a batch", "points/s", "a batch in", "by rpc", "a batch in", "HTTP to rpc"], rows);
}
