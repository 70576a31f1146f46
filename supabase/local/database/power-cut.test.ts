import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@supabase/lite/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { syncFiles, syncingParams } from "./file-sync.ts";
import { openPglite } from "./pglite.ts";
import { recordWrites, replayWrites } from "./write-recorder.ts";

const cuts = 4;
let root: string;
/** A database with nothing but an empty table. */
let base: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  base = join(root, "base");
  const database = await PGlite.create({ dataDir: base });
  await database.exec("create table rows (n int primary key, pad text)");
  await database.close();
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

type Log = ReturnType<typeof recordWrites>;

/** Numbers from 0 to 1 that are the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Inserts, updates, checkpoints and a vacuum, each noted once it was answered. */
async function record(name: string, sync: boolean): Promise<Log> {
  const folder = join(root, name);
  await cp(base, folder, { recursive: true });
  const params = PGlite.defaultStartParams;
  const startParams = sync ? syncingParams(params) : params;
  const database = await PGlite.create({ dataDir: folder, startParams });
  if (sync) await syncFiles(database, folder);
  await rm(join(root, `${name}-opened`), { recursive: true, force: true });
  await cp(folder, join(root, `${name}-opened`), { recursive: true });
  const log = recordWrites(database, folder);
  for (let n = 1; n <= 300; n += 1) {
    await database.query("insert into rows values ($1::int, repeat('x', 900))", [n]);
    log.push({ op: "acknowledge", n });
    if (n % 40 === 0) await database.exec("update rows set pad = pad || 'y' where n % 5 = 0");
    if (n % 70 === 0) await database.exec("checkpoint");
    if (n === 150) await database.exec("vacuum rows");
  }
  await database.close();
  return log;
}

/** How many rows a database has that was cut; null if it does not open, or has other rows than the first. */
async function rowsAfter(name: string, log: Log): Promise<number | null> {
  const folder = join(root, "cut");
  await rm(folder, { recursive: true, force: true });
  await cp(join(root, `${name}-opened`), folder, { recursive: true });
  try {
    replayWrites(folder, log);
    const database = await PGlite.create({ dataDir: folder });
    const { rows } = await database.query<{ count: number; last: number }>(
      "select count(*)::int as count, coalesce(max(n), 0) as last from rows",
    );
    await database.query("select sum(length(pad)) from rows");
    await database.close();
    const [row] = rows;
    return row && row.count === row.last ? row.count : null;
  } catch {
    return null;
  }
}

const acknowledged = (log: Log) =>
  log.reduce((most, entry) => (entry.op === "acknowledge" ? entry.n : most), 0);

/** What a disk may have kept that was not told to: all that was synced, and of the rest any part. */
function lostBy(log: Log, random: () => number): Log {
  const synced = new Map<string, number>();
  for (const [at, entry] of log.entries()) if (entry.op === "sync") synced.set(entry.path, at);
  return log.filter((entry, at) => {
    // File systems keep the order of names; what is in the files, they do not.
    if (entry.op !== "write") return true;
    return at < (synced.get(entry.path) ?? -1) || random() < 0.5;
  });
}

describe.each([false, true])("a database that waits for the disk: %s", (sync) => {
  const name = sync ? "waiting" : "quick";
  let log: Log;
  beforeAll(async () => {
    log = await record(name, sync);
  }, 120_000);

  it.skipIf(sync)(
    "opens with every acknowledged row, wherever its process was killed",
    async () => {
      const random = randomFrom(7);
      for (let n = 0; n < cuts; n += 1) {
        const part = log.slice(0, Math.floor(random() * log.length));
        const rows = await rowsAfter(name, part);
        expect(rows, `cut ${n}`).not.toBeNull();
        expect(rows).toBeGreaterThanOrEqual(acknowledged(part));
      }
    },
    240_000,
  );

  it.runIf(sync)(
    "opens with every acknowledged row, whenever the power was cut",
    async () => {
      const random = randomFrom(11);
      for (let n = 0; n < cuts; n += 1) {
        const part = log.slice(0, Math.floor(random() * log.length));
        const rows = await rowsAfter(name, lostBy(part, random));
        expect(rows, `cut ${n}`).not.toBeNull();
        expect(rows).toBeGreaterThanOrEqual(acknowledged(part));
      }
    },
    240_000,
  );

  it.skipIf(sync)(
    "does not wait, so that a power cut may damage it",
    async () => {
      expect(log.filter(({ op }) => op === "sync")).toEqual([]);
      const random = randomFrom(11);
      let damaged = 0;
      for (let n = 0; n < cuts; n += 1) {
        const part = log.slice(0, Math.floor(random() * log.length));
        const rows = await rowsAfter(name, lostBy(part, random));
        if (rows === null || rows < acknowledged(part)) damaged += 1;
      }
      console.log(
        `${damaged} of ${cuts} power cuts lost acknowledged rows or damaged the database.`,
      );
      expect(damaged).toBeGreaterThan(0);
    },
    240_000,
  );
});

it("waits for the disk where it is told to, and not otherwise", async () => {
  for (const sync of [false, true]) {
    const folder = join(root, `told-${sync}`);
    await cp(base, folder, { recursive: true });
    const database = await openPglite(folder, { sync });
    const [setting] = await database.query("select current_setting('fsync') as fsync");
    expect(setting).toEqual({ fsync: sync ? "on" : "off" });
    await database.close();
  }
}, 120_000);
