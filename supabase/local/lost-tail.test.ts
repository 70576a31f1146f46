import { cp, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type EmbeddedSupabase, startEmbeddedSupabase } from "./start.ts";

let root: string;
let early: { file: string; offset: number };
let before: { generation: string; last_seq: number };

const jobOf = async ({ sql }: EmbeddedSupabase) => {
  const [job] = await sql<typeof before>("select generation, last_seq::int from jobs");
  if (!job) throw new Error("no job");
  return job;
};

// A copy of a database that is in use is what a crash leaves.
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  const supabase = await startEmbeddedSupabase({ dataDir: join(root, "used"), port: 0 });
  const { sql } = supabase;
  const user = "00000000-0000-4000-8000-000000000001";
  await sql("insert into auth.users (id, email) values ($1, 'a@example.com')", [user]);
  await sql(
    "select attach_job($1::uuid, '{\"id\": \"a\", \"status\": \"running\"}', 'hash', 'salt', 'test')",
    [user],
  );
  const store = (text: string) =>
    sql("select ingest_logs($1::jsonb, 'a', null, '', $2::jsonb)", [
      JSON.stringify({ user_id: user }),
      JSON.stringify([["stdout", text, 0]]),
    ]);
  await store("early");
  const [at] = await sql<{ file_name: string; file_offset: number }>(
    "select * from pg_walfile_name_offset(pg_current_wal_flush_lsn())",
  );
  early = { file: at?.file_name ?? "", offset: at?.file_offset ?? 0 };
  for (let n = 0; n < 20; n += 1) await store("x".repeat(10_000));
  const [end] = await sql<{ at: string }>("select pg_current_wal_flush_lsn()::text as at");
  // How far the log is written is noted now and then, as statements come.
  await vi.waitFor(async () => {
    const note = await readFile(join(root, "used/database/signalbox-wal-position"), "latin1");
    const noted = await sql("select 1 where $1::pg_lsn >= $2::pg_lsn", [note.trim(), end?.at]);
    expect(noted).toHaveLength(1);
  }, 10_000);
  before = await jobOf(supabase);
  await cp(join(root, "used"), join(root, "whole"), { recursive: true });
  await cp(join(root, "used"), join(root, "cut"), { recursive: true });
  await supabase.close();
}, 60_000);

afterAll(() => rm(root, { recursive: true, force: true }));

it("keeps the generation of a run after a crash that lost nothing", async () => {
  const supabase = await startEmbeddedSupabase({ dataDir: join(root, "whole"), port: 0 });
  expect(await jobOf(supabase)).toEqual(before);
  await supabase.close();
}, 60_000);

it("gives a run a new generation where the log has lost its end, and only once", async () => {
  const log = await open(join(root, "cut/database/pg_wal", early.file), "r+");
  const { size } = await log.stat();
  await log.write(Buffer.alloc(size - early.offset), 0, size - early.offset, early.offset);
  await log.close();
  const supabase = await startEmbeddedSupabase({ dataDir: join(root, "cut"), port: 0 });
  const after = await jobOf(supabase);
  expect(after.last_seq).toBeLessThan(before.last_seq);
  expect(after.generation).not.toBe(before.generation);
  await supabase.close();
  const again = await startEmbeddedSupabase({ dataDir: join(root, "cut"), port: 0 });
  expect(await jobOf(again)).toEqual(after);
  await again.close();
}, 60_000);
