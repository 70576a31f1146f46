import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { lockDataFolder } from "../data-lock.ts";
import { type EmbeddedSupabase, startEmbeddedSupabase } from "../start.ts";
import { readArchive } from "./archive.ts";
import { restoreBackup } from "./restore-backup.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const user = "00000000-0000-4000-8000-000000000001";
let root: string;
let file: string;
/** Rows that were acknowledged before the backup began, and when it was done. */
let rows: { before: number; after: number };
let generation: string;
let target: string;
let targets = 0;

async function generationOf({ sql }: EmbeddedSupabase): Promise<string> {
  const [job] = await sql<{ generation: string }>("select generation from jobs");
  return job?.generation ?? "";
}

// A backup is made while rows are written, tables rewritten and checkpoints due.
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  file = join(root, "one.tar.gz");
  const dataDir = join(root, "used");
  const supabase = await startEmbeddedSupabase({ dataDir, port: 0 });
  const { sql } = supabase;
  await sql("insert into auth.users (id, email) values ($1, 'a@example.com')", [user]);
  await sql("select attach_job($1::uuid, '{\"id\": \"a\"}', 'hash', 'salt', 'test')", [user]);
  generation = await generationOf(supabase);
  const folder = join(dataDir, "backend/jobs", "j".repeat(128), "checkpoints");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "ckpt-000001-step-0.ckpt"), "a checkpoint");
  await writeFile(join(dataDir, "web.log"), "a log");
  await sql("create table rows (n int primary key, pad text)");
  let written = 0;
  let going = true;
  const writing = (async () => {
    for (; going; written += 1) {
      await sql("insert into rows values ($1::int, repeat(md5($1::int::text), 300))", [
        written + 1,
      ]);
      if (written % 20 === 0) await sql("update rows set pad = pad || 'x' where n % 7 = 0");
      if (written % 50 === 49) await sql("vacuum rows");
      // As between requests, which come by a socket.
      await pause(3);
    }
  })();
  await vi.waitUntil(() => written > 30, 30_000);
  const before = written;
  await supabase.backUp(file);
  rows = { before, after: written };
  going = false;
  await writing;
  await supabase.close();
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(() => {
  targets += 1;
  target = join(root, `target-${targets}`);
});

/** The SHA-256 of every file, by its path. */
async function checksums(folder: string): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !entry.name.startsWith("database.lock")) {
      sums[path] = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
    }
  }
  return sums;
}

it("restores every row that was acknowledged before the backup, with keys and checkpoints", async () => {
  const { manifest, replaced } = await restoreBackup(target, file, { replace: false });
  expect(manifest).toMatchObject({ format: 1, database: "pglite" });
  expect(replaced).toBeNull();
  for (const name of ["supabase.json", "schema.json"]) {
    expect(await readFile(join(target, name))).toEqual(await readFile(join(root, "used", name)));
  }
  const job = join(target, "backend/jobs", "j".repeat(128), "checkpoints");
  expect(await readFile(join(job, "ckpt-000001-step-0.ckpt"), "utf8")).toBe("a checkpoint");
  const supabase = await startEmbeddedSupabase({ dataDir: target, port: 0 });
  const [found] = await supabase.sql<{ count: number; last: number; whole: boolean }>(
    `select count(*)::int as count, max(n) as last,
       bool_and(rtrim(pad, 'x') = repeat(md5(n::text), 300)) as whole from rows`,
  );
  expect(found?.whole).toBe(true);
  expect(found?.count).toBe(found?.last);
  expect(found?.last).toBeGreaterThanOrEqual(rows.before);
  expect(rows.after).toBeGreaterThan(rows.before);
  // Rows after the backup are gone: without a new generation, a viewer would skip those to come.
  expect(await generationOf(supabase)).not.toBe(generation);
  await supabase.close();
});

it("leaves the backup and what it restores to this user alone, without logs", async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { files } = await readArchive(file);
  expect(Object.keys(files)).toContain("data/supabase.json");
  expect(Object.keys(files).filter((path) => /\.log$|\.lock$/.test(path))).toEqual([]);
  await restoreBackup(target, file, { replace: false });
  for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
    // The lock is empty, and made by SQLite; the services and the command set a umask.
    if (entry.name === "database.lock") continue;
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect([entry.name, mode & 0o077]).toEqual([entry.name, 0]);
  }
});

it("refuses a folder that has data, until it is told to put it aside", async () => {
  await mkdir(join(target, "backups"), { recursive: true });
  await writeFile(join(target, "supabase.json"), "mine");
  await writeFile(join(target, "backups/one.tar.gz"), "kept");
  const before = await checksums(target);
  await expect(restoreBackup(target, file, { replace: false })).rejects.toThrow("is not empty");
  expect(await checksums(target)).toEqual(before);
  const { replaced } = await restoreBackup(target, file, { replace: true });
  expect(await readFile(join(replaced ?? "", "supabase.json"), "utf8")).toBe("mine");
  expect(await readFile(join(target, "backups/one.tar.gz"), "utf8")).toBe("kept");
});

it("refuses a folder that a dashboard uses", async () => {
  await mkdir(target);
  const unlock = lockDataFolder(target);
  await expect(restoreBackup(target, file, { replace: true })).rejects.toThrow("is in use");
  unlock();
});

it.each([
  ["cut short", (bytes: Buffer) => bytes.subarray(0, bytes.length - 1_000)],
  ["cut in its middle", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ["damaged", (bytes: Buffer) => Buffer.from(bytes).fill(7, 1_000_000, 1_000_009)],
  ["something else", () => Buffer.from("not a backup")],
])("touches nothing when the backup is %s", async (_, change) => {
  await mkdir(target);
  await writeFile(join(target, "owner.json"), "mine");
  const before = await checksums(target);
  const bad = join(root, `bad-${targets}.tar.gz`);
  await writeFile(bad, change(await readFile(file)));
  await expect(restoreBackup(target, bad, { replace: true })).rejects.toThrow("not a whole backup");
  expect(await checksums(target)).toEqual(before);
});

it("does not start on a folder where a restore was cut off, and restores it again", async () => {
  await restoreBackup(target, file, { replace: false });
  const cut = join(root, `cut-${targets}`);
  await cp(target, cut, { recursive: true });
  await rm(join(cut, "database"), { recursive: true });
  await mkdir(join(cut, "restore"));
  await writeFile(join(cut, "restore/swapping"), "");
  await expect(startEmbeddedSupabase({ dataDir: cut, port: 0 })).rejects.toThrow("was cut off");
  await restoreBackup(cut, file, { replace: false });
  const supabase = await startEmbeddedSupabase({ dataDir: cut, port: 0 });
  await supabase.close();
});
