import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "./database.ts";
import { openPglite } from "./pglite.ts";

let folder: string;
let database: Database;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  database = await openPglite(folder);
  await database.query("create table rows (id serial primary key, pad text)");
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Some 18 MB of the write-ahead log. */
const write = () =>
  database.query(
    "insert into rows (pad) select md5(random()::text) || repeat('x', 800) from generate_series(1, 20000)",
  );

async function logBytes(): Promise<number> {
  const names = await readdir(join(folder, "pg_wal"));
  const files = await Promise.all(names.map((name) => stat(join(folder, "pg_wal", name))));
  return files.filter((file) => file.isFile()).reduce((sum, { size }) => sum + size, 0);
}

async function bytesToReplay(): Promise<number> {
  const [row] = await database.query<{ bytes: number }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes
     from pg_control_checkpoint()`,
  );
  return row?.bytes ?? Number.NaN;
}

it("keeps the write-ahead log below 256 MB, however much is written while running", async () => {
  let most = 0;
  for (let round = 0; round < 20; round += 1) {
    await write();
    most = Math.max(most, await logBytes());
  }
  expect(most).toBeLessThan(256 * 1024 * 1024);
});

it("leaves little to replay after a quiet moment", async () => {
  await write();
  expect(await bytesToReplay()).toBeGreaterThan(10e6);
  await database.tidy();
  expect(await bytesToReplay()).toBeLessThan(1e6);
});
