import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { restoreBackup } from "../backup/restore-backup.ts";
import { type EmbeddedSupabase, startEmbeddedSupabase } from "../start.ts";
import { moveToPostgres } from "./move-to-postgres.ts";
import { startPostgres } from "./server.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const user = "00000000-0000-4000-8000-000000000001";
const nobody = 65_534;
const main = join(import.meta.dirname, "../main.ts");
const children: ChildProcess[] = [];
let root: string;
let dataDir: string;
let secretKey: string;
let before: unknown;

/** Of every table: how many rows it has, and a sum over them. */
async function contentOf({ sql }: EmbeddedSupabase): Promise<unknown> {
  const tables = await sql<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('public', 'signalbox', 'auth') order by 1`,
  );
  await sql("select set_config('TimeZone', 'UTC', false)");
  return Promise.all(
    tables.map(async ({ name }) => [
      name,
      await sql(`select count(*)::int, sum(hashtextextended(t::text, 0))::text from ${name} t`),
    ]),
  );
}

/** PostgreSQL refuses to run as root: this process, of this file alone, becomes somebody else. */
let refusal: unknown;
if (process.getuid?.() === 0) {
  refusal = await startPostgres("/nowhere").catch((error: unknown) => error);
  process.setgid?.(nobody);
  process.setuid?.(nobody);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  dataDir = join(root, "data");
  const supabase = await startEmbeddedSupabase({ dataDir, port: 0 });
  const { sql } = supabase;
  secretKey = supabase.secretKey;
  await sql("insert into auth.users (id, email) values ($1, 'a@example.com')", [user]);
  await sql("select attach_job($1::uuid, '{\"id\": \"a\"}', 'hash', 'salt', 'test')", [user]);
  const scope = JSON.stringify({ user_id: user });
  const points = { loss: [0, 1, 2].map((step) => [step, step ? 0.1 * step : "NaN", 0]) };
  await sql("select ingest_metrics($1::jsonb, 'a', null, '', $2::jsonb, 3, 2, null)", [
    scope,
    JSON.stringify(points),
  ]);
  const lines = Array.from({ length: 500 }, (_, n) => [
    "stdout",
    `line ${n} "quoted", \\ und ü`,
    n,
  ]);
  await sql("select ingest_logs($1::jsonb, 'a', null, '', $2::jsonb)", [
    scope,
    JSON.stringify(lines),
  ]);
  before = await contentOf(supabase);
  await supabase.close();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 10 }));

const open = (folder: string) =>
  startEmbeddedSupabase({ dataDir: folder, port: 0, database: "postgres" });

it("says how to move a folder that has an embedded database", async () => {
  await expect(open(dataDir)).rejects.toThrow("npm run move-to-postgres");
});

it.runIf(refusal)("says that PostgreSQL does not run as root", () => {
  expect(String(refusal)).toContain("refuses to run as root");
});

it("moves every row, keeps the old database, and goes on where it was", async () => {
  const kept = await moveToPostgres(dataDir, () => undefined);
  await access(join(kept, "PG_VERSION"));
  await expect(moveToPostgres(dataDir, () => undefined)).rejects.toThrow("already");
  const supabase = await open(dataDir);
  expect(supabase.secretKey).toBe(secretKey);
  expect(await contentOf(supabase)).toEqual(before);
  await supabase.sql("select attach_job($1::uuid, '{\"id\": \"b\"}', 'h', 'salt', 'test')", [user]);
  const [fsync] = await supabase.sql<{ fsync: string }>("select current_setting('fsync') as fsync");
  expect(fsync).toEqual({ fsync: "on" });
  await supabase.close();
});

it("is what a moved folder opens with, without the setting and not with another", async () => {
  const plain = { dataDir, port: 0 };
  await expect(startEmbeddedSupabase({ ...plain, database: "pglite" })).rejects.toThrow(
    "is on PostgreSQL",
  );
  const supabase = await startEmbeddedSupabase(plain);
  expect(await supabase.sql("select id from jobs order by 1")).toEqual([{ id: "a" }, { id: "b" }]);
  await supabase.close();
});

it("is backed up while rows are written, and restored with every acknowledged one", async () => {
  const file = join(root, "one.tar.gz");
  const supabase = await open(dataDir);
  const { sql } = supabase;
  await sql("create table rows (n int primary key, pad text)");
  let written = 0;
  let going = true;
  const writing = (async () => {
    for (; going; written += 1) {
      await sql("insert into rows values ($1::int, repeat('x', 5000))", [written + 1]);
    }
  })();
  await vi.waitUntil(() => written > 20, 30_000);
  const acknowledged = written;
  await supabase.backUp(file);
  going = false;
  await writing;
  const [{ generation } = { generation: "" }] = await sql<{ generation: string }>(
    "select generation from jobs where id = 'a'",
  );
  await supabase.close();

  const target = join(root, "restored");
  await restoreBackup(target, file, { replace: false });
  const restored = await open(target);
  const [found] = await restored.sql<{ count: number; last: number }>(
    "select count(*)::int as count, max(n) as last from rows",
  );
  expect(found?.count).toBe(found?.last);
  expect(found?.last).toBeGreaterThanOrEqual(acknowledged);
  const [job] = await restored.sql<{ generation: string }>(
    "select generation from jobs where id = 'a'",
  );
  expect(job?.generation).not.toBe(generation);
  await restored.close();
});

it("starts a new folder, and again after it was killed in the middle of inserts", async () => {
  const folder = await mkdtemp(join(root, "new-"));
  const start = () => {
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, SIGNALBOX_DATA_DIR: folder, SIGNALBOX_DATABASE: "postgres" },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    children.push(child);
    const url = new Promise<string>((resolve) => {
      if (!child.stdout) throw new Error("no pipe");
      createInterface({ input: child.stdout }).on("line", (line) => {
        const message = JSON.parse(line) as { event: string; url?: string };
        if (message.event === "listening" && message.url) resolve(message.url);
      });
    });
    return { child, url };
  };
  const first = start();
  await first.url;
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  const second = start();
  const reply = await fetch(new URL("/health", await second.url));
  expect(await reply.json()).toEqual({ status: "ok" });
  second.child.kill("SIGTERM");
  expect((await once(second.child, "exit"))[0]).toBe(0);
});
