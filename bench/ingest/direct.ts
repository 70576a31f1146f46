import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import type { WideRow } from "../kit/trainer.ts";

export interface SupabaseAddress {
  url: string;
  secretKey: string;
}

/** Where a dashboard's embedded Supabase listens, with the key that may do everything. */
export async function embeddedSupabase(dashboard: Dashboard): Promise<SupabaseAddress> {
  const log = await readFile(join(dashboard.dataDir, "database.log"), "utf8");
  const url = /"event":"listening","url":"([^"]+)"/.exec(log)?.[1];
  if (!url) throw new Error("The database has not said where it listens.");
  const keys = await readFile(join(dashboard.dataDir, "supabase.json"), "utf8");
  const { secretKey } = JSON.parse(keys) as { secretKey: string };
  return { url, secretKey };
}

/** Stores batches by the SQL function itself, past the dashboard: what HTTP is compared with. */
export class DirectIngest {
  readonly #client: SupabaseClient;
  readonly #jobId: string;
  readonly #userId: string;

  private constructor(client: SupabaseClient, jobId: string, userId: string) {
    this.#client = client;
    this.#jobId = jobId;
    this.#userId = userId;
  }

  static async open({ url, secretKey }: SupabaseAddress, jobId: string): Promise<DirectIngest> {
    const client = createClient(url, secretKey, { auth: { persistSession: false } });
    const { data, error } = await client.from("jobs").select("user_id").eq("id", jobId).single();
    if (error) throw new Error(`The job's owner: ${error.message}`);
    return new DirectIngest(client, jobId, String(data.user_id));
  }

  async post(rows: readonly WideRow[]): Promise<void> {
    const series: Record<string, [number, number, number][]> = {};
    const now = Date.now();
    let count = 0;
    for (const { step, ...values } of rows) {
      for (const [name, value] of Object.entries(values)) {
        series[name] ??= [];
        series[name].push([step, value, now]);
        count += 1;
      }
    }
    const { data, error } = await this.#client.rpc("ingest_metrics", {
      p_auth: { user_id: this.#userId },
      p_job_id: this.#jobId,
      p_batch_id: null,
      p_body_hash: "",
      p_series: series,
      p_count: count,
      p_max_step: rows.at(-1)?.step ?? null,
      p_max_epoch: null,
    });
    if (error || data?.success !== true) throw new Error(JSON.stringify(error ?? data));
  }
}
