import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "./database/database.ts";
import { openPglite } from "./database/pglite.ts";
import { createSecrets } from "./keys.ts";
import { createLiteApp } from "./lite-app.ts";
import { bootstrap, migrate } from "./migrate.ts";

const migrations = join(import.meta.dirname, "../migrations");
const user = "00000000-0000-4000-8000-000000000001";

describe("rows that were stored before a migration", () => {
  let database: Database;
  let folder: string;
  const log = () => undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
    database = await openPglite();
    await bootstrap(database);
    await createLiteApp(database, await createSecrets(), log);
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function migrateBefore(version: string) {
    for (const file of await readdir(migrations)) {
      if (file < version) await cp(join(migrations, file), join(folder, file));
    }
    await migrate(database, folder);
  }

  async function read<T>(call: string): Promise<T> {
    const [row] = await database.query<{ reply: T }>(`select ${call} as reply`);
    if (!row) throw new Error(`${call} returned nothing`);
    return row.reply;
  }

  it("get the counts of each measure: predictions have their own means and no scores", async () => {
    await migrateBefore("20261121");
    await database.query("insert into auth.users (id, email) values ($1::uuid, 'a@example.com')", [
      user,
    ]);
    await database.query("select attach_job($1::uuid, $2::jsonb, 'a', 'test')", [
      user,
      JSON.stringify({ id: "a", status: "running" }),
    ]);
    const rows = Array.from({ length: 10 }, (_, i) => ({
      key: `n${i}`,
      epoch: i < 8 ? 1 : 2,
      step: 1,
      sample_index: i,
      prompt: `p${i}`,
      prediction: "q",
      exact_match: i < 8 ? 1 : null,
      char_error_rate: i >= 4 ? 0.5 : null,
      tokens: 3,
      validation_passed: true,
    }));
    const before = await database.query(
      "select ingest_predictions($1::jsonb, 'a', null, '', $2::jsonb) as reply",
      [JSON.stringify({ user_id: user }), JSON.stringify(rows)],
    );
    expect(before).toMatchObject([{ reply: { success: true } }]);

    await migrate(database);
    const [job] = await database.query<{ key: number }>("select key from jobs");
    const { epochs } = await read<{ epochs: object[] }>(
      `read_prediction_epochs(${job?.key}, null)`,
    );
    expect(epochs).toMatchObject([
      {
        sample_count: 8,
        scored_count: 8,
        counts: { exact_match: 8, char_error_rate: 4, length_ratio: 0, validation_pass: 8 },
        avg_exact_match: 1,
        avg_char_error_rate: 0.5,
        avg_length_ratio: null,
        scores: {},
      },
      { scored_count: 2, avg_exact_match: null, avg_char_error_rate: 0.5 },
    ]);
    expect(await read(`read_prediction_scores(${job?.key})`)).toEqual([]);
    const page = await read<{ predictions: object[] }>(
      `read_predictions(${job?.key}, '{"epoch": 1}')`,
    );
    expect(page.predictions[0]).toMatchObject({
      job_id: "a",
      user_id: user,
      completion_tokens: 3,
      validation_pass: true,
      prompt_tokens: null,
      scores: {},
      metadata: {},
    });
  });
});
