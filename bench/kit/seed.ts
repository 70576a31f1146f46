import { randomBytes } from "node:crypto";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { embeddedSupabase } from "../ingest/direct.ts";

/** `[step, value, ms since 1970]` */
export type SeedPoint = [number, number, number];

export interface SeedRun {
  id: string;
  name: string;
  config: Record<string, unknown>;
  tags: string[];
}

/** Fills a dashboard's database by its own SQL functions, past HTTP. */
export class Seeder {
  readonly #client: SupabaseClient;
  readonly #userId: string;

  private constructor(client: SupabaseClient, userId: string) {
    this.#client = client;
    this.#userId = userId;
  }

  /** As the owner of the dashboard's runs, who begins by attaching one. */
  static async open(dashboard: Dashboard): Promise<Seeder> {
    const id = "seed-owner";
    const reply = await dashboard.api("POST", "/api/training/local/jobs", {
      job_id: id,
      status: "succeeded",
    });
    if (!reply.ok) throw new Error(`Attaching: ${reply.status} ${await reply.text()}`);
    const { url, secretKey } = await embeddedSupabase(dashboard);
    const client = createClient(url, secretKey, { auth: { persistSession: false } });
    const { data, error } = await client.from("jobs").select("user_id").eq("id", id).single();
    if (error) throw new Error(`The owner: ${error.message}`);
    await dashboard.api("DELETE", `/api/training/${id}`);
    return new Seeder(client, String(data.user_id));
  }

  async run({ id, name, config, tags }: SeedRun): Promise<void> {
    await this.#call("attach_job", {
      p_user_id: this.#userId,
      p_job: { id, name, kind: "sft", status: "running", config, tags, total_steps: 1000 },
      p_token_hash: randomBytes(32).toString("hex"),
      p_token_salt: "",
      p_actor: "bench",
    });
  }

  async points(id: string, series: Record<string, SeedPoint[]>): Promise<void> {
    const lists = Object.values(series);
    await this.#call("ingest_metrics", {
      p_auth: { user_id: this.#userId },
      p_job_id: id,
      p_batch_id: null,
      p_body_hash: "",
      p_series: series,
      p_count: lists.reduce((sum, list) => sum + list.length, 0),
      p_max_step: Math.max(...lists.map((list) => list.at(-1)?.[0] ?? 0)),
      p_max_epoch: null,
    });
  }

  async #call(name: string, args: Record<string, unknown>): Promise<void> {
    const { data, error } = await this.#client.rpc(name, args);
    if (error || data?.error) throw new Error(`${name}: ${JSON.stringify(error ?? data)}`);
  }
}

/** Does `work` for 0, 1 … `count` − 1, a few at a time. */
export async function inTurns(
  count: number,
  work: (index: number) => Promise<void>,
  atOnce = 4,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
