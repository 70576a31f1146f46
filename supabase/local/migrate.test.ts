import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Database } from "./database/database.ts";
import { openPostgres } from "./database/postgres.ts";
import { migrate } from "./migrate.ts";
import { type Cluster, startCluster } from "./postgres-cluster.ts";
import { startTestSupabase } from "./testing.ts";

describe.each(["pglite", "postgres"] as const)("the project's migrations on %s", (engine) => {
  it("apply, each recorded under its version", async () => {
    const supabase = await startTestSupabase({ engine });
    const files = await readdir(join(import.meta.dirname, "../migrations"));
    const recorded = await supabase.sql<{ file: string }>(
      `select version || '_' || name || '.sql' as file
       from supabase_migrations.schema_migrations order by version`,
    );
    expect(recorded.map(({ file }) => file)).toEqual(
      files.filter((file) => file.endsWith(".sql")).sort(),
    );
    const open = await supabase.sql(
      `select relname from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity`,
    );
    expect(open).toEqual([]);
    await supabase.close();
  });

  it("fix the search_path of every function in PL/pgSQL or with its owner's rights", async () => {
    const supabase = await startTestSupabase({ engine });
    const mutable = await supabase.sql<{ name: string }>(
      `select p.oid::regprocedure::text as name
       from pg_proc p join pg_language l on l.oid = p.prolang
       where p.pronamespace in ('public'::regnamespace, 'signalbox'::regnamespace)
         and (l.lanname = 'plpgsql' or p.prosecdef)
         and not exists (select 1 from unnest(p.proconfig) c where c like 'search_path=%')
       order by 1`,
    );
    // `create or replace function` forgets it: end the head with “set search_path = pg_catalog, public, pg_temp”.
    expect(mutable.map(({ name }) => name)).toEqual([]);
    await supabase.close();
  });

  it("leave other programs' functions as they were, with what function-privileges.sql prints", async () => {
    const supabase = await startTestSupabase({ engine });
    const read = (file: string) => readFile(join(import.meta.dirname, "..", file), "utf8");
    await supabase.sql("create function theirs() returns int language sql as 'select 1'");
    await supabase.sql("create function hidden() returns int language sql as 'select 1'");
    await supabase.sql("revoke execute on function hidden() from public, anon, authenticated");
    const mayCall = async () =>
      (
        await supabase.sql<{ may: boolean }>(
          `select has_function_privilege(r, f, 'execute') as may
           from unnest(array['anon', 'authenticated']) r, unnest(array['theirs()', 'hidden()', 'get_job(uuid, text)']) f
           order by r, f`,
        )
      ).map(({ may }) => may);
    const before = await mayCall();
    expect(new Set(before)).toEqual(new Set([true, false]));
    const kept = await supabase.sql<{ statement: string }>(await read("function-privileges.sql"));
    const sealed = await read("migrations/20261120000018_function_privileges.sql");
    for (const statement of sealed.replaceAll(/--.*$/gm, "").split(";")) {
      if (statement.trim()) await supabase.sql(statement);
    }
    expect(new Set(await mayCall())).toEqual(new Set([false]));
    for (const { statement } of kept) await supabase.sql(statement);
    expect(await mayCall()).toEqual(before);
    await supabase.close();
  });

  it("read the tables of Signalbox, not a caller's temporary ones of the same name", async () => {
    const supabase = await startTestSupabase({ engine });
    const { userId } = await supabase.signUp("temporary@example.com");
    await supabase.sql("select attach_job($1::uuid, $2::jsonb, 'h', 'salt', 'test')", [
      userId,
      JSON.stringify({ id: "kept" }),
    ]);
    await supabase.sql("create temporary table jobs (like public.jobs)");
    const [row] = await supabase.sql<{ total: number }>(
      "select (list_jobs($1::uuid, '{}') ->> 'total')::int as total",
      [userId],
    );
    expect(row).toEqual({ total: 1 });
    await supabase.close();
  });

  it("delete a run's points and their rollups with it, also where its owner is deleted", async () => {
    const supabase = await startTestSupabase({ engine });
    const { userId } = await supabase.signUp("deletes@example.com");
    const attach = (id: string) =>
      supabase.sql("select attach_job($1::uuid, $2::jsonb, $3, 'salt', 'test')", [
        userId,
        JSON.stringify({ id, status: "running" }),
        id,
      ]);
    const ingest = (id: string) =>
      supabase.sql("select ingest_metrics($1::jsonb, $2, null, '', $3::jsonb, 3, 2, null)", [
        JSON.stringify({ user_id: userId }),
        id,
        JSON.stringify({ loss: [0, 1, 2].map((step) => [step, 0.5, 0]) }),
      ]);
    const left = async () => {
      const [row] = await supabase.sql<{ points: number; rollups: number }>(
        `select (select count(*) from metric_points)::int as points,
          (select count(*) from metric_rollups)::int as rollups`,
      );
      return row;
    };
    const removeAll = async () => {
      for (const portion of ["remove_rows(1000)", "drop_points(1000)"]) {
        const [row] = await supabase.sql<{ more: boolean }>(
          `select (${portion} ->> 'more')::boolean as more`,
        );
        if (row?.more) await removeAll();
      }
    };
    for (const id of ["one", "two"]) await attach(id);
    for (const id of ["one", "two", "one"]) await ingest(id);
    expect(await left()).toEqual({ points: 9, rollups: 10 });
    await supabase.sql("update jobs set status = 'cancelled' where id = 'one'");
    await supabase.sql("select delete_job($1::uuid, 'one')", [userId]);
    await removeAll();
    expect(await left()).toEqual({ points: 3, rollups: 5 });
    await supabase.sql("delete from auth.users where id = $1::uuid", [userId]);
    await removeAll();
    expect(await left()).toEqual({ points: 0, rollups: 0 });
    await supabase.close();
  });
});

describe("migrating", () => {
  let cluster: Cluster;
  let database: Database;
  let folder: string;

  beforeAll(async () => {
    cluster = await startCluster();
    database = openPostgres(cluster);
  });

  afterAll(async () => {
    await database.close();
    await cluster.stop();
  });

  beforeEach(async () => {
    await database.query("drop schema if exists supabase_migrations cascade");
    await database.query("drop table if exists a, b");
    folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
    return () => rm(folder, { recursive: true, force: true });
  });

  const put = (file: string, sql: string) => writeFile(join(folder, file), sql);
  const run = () => migrate(database, folder);

  it("applies in order, each migration once", async () => {
    await put("20260102_second.sql", "insert into a values (2);");
    await put("20260101_first.sql", "create table a (n int); insert into a values (1);");
    await put("notes.txt", "not SQL");
    expect(await run()).toBe(2);
    expect(await run()).toBe(0);
    expect(await database.query("select n from a")).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("leaves nothing of a migration that fails, and names its line", async () => {
    await put("20260101_first.sql", "create table a (n int);");
    await put("20260102_second.sql", "create table b (n int);\n\ninsert into nowhere values (1);");
    await expect(run()).rejects.toThrow(
      'The migration 20260102_second.sql failed: relation "nowhere" does not exist (line 3).',
    );
    expect(await database.query("select to_regclass('b') as b")).toEqual([{ b: null }]);
    await put("20260102_second.sql", "create table b (n int);");
    expect(await run()).toBe(1);
  });

  it("refuses a database that applied a migration before it was changed", async () => {
    await put("20260101_first.sql", "create table a (n int);\n");
    await run();
    await put("20260101_first.sql", "create table a (n int);\r\n");
    expect(await run()).toBe(0);
    await put("20260101_first.sql", "create table a (n bigint);");
    await put("20260102_second.sql", "create table b (n int);");
    await expect(run()).rejects.toThrow("20260101_first.sql was changed after");
    expect(await database.query("select to_regclass('b') as b")).toEqual([{ b: null }]);
  });

  it("refuses a database that a newer version has used", async () => {
    await put("20260101_first.sql", "create table a (n int);");
    await put("20260102_second.sql", "create table b (n int);");
    await run();
    await rm(join(folder, "20260102_second.sql"));
    await expect(run()).rejects.toThrow("does not have its migration 20260102.");
  });
});
