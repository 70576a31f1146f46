import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { startApi, type TestApi } from "./kit.ts";

const timeoutMs = 1_000;

let api: TestApi;
let user: TestUser;
let other: TestUser;

beforeAll(async () => {
  api = await startApi({ engine: "postgres" });
  user = await api.signUp("a");
  other = await api.signUp("b");
  await bigRun(user, "spare");
  await bigRun(user, "big");
  await bigRun(other, "theirs");
  await slowDown();
  await limitStatements();
}, 120_000);
afterAll(() => api.close());

/** A finished run whose rows no single statement deletes in time. */
async function bigRun(owner: TestUser, id: string): Promise<void> {
  const { token } = await api.attach(owner, id);
  const json = { job_id: id, points: [{ name: "loss", step: 1, value: 1 }] };
  await api.call("POST", "/api/training/local/metrics", { bearer: token, json });
  await api.call("POST", `/api/training/local/${id}/status`, {
    bearer: token,
    json: { status: "succeeded" },
  });
  const fill = (sql: string) =>
    api.supabase.sql(
      `with j as (select key from jobs where id = $1 and user_id = $2) ${sql}`
        .replaceAll("$1", `'${id}'`)
        .replaceAll("$2", `'${owner.userId}'`),
    );
  await fill(`insert into job_stream (job_key, seq, stream, payload, bytes)
    select key, n + 100, 'event', '{"level": "error"}', 20 from j, generate_series(1, 2500) n`);
  await fill(`insert into metric_series (job_key, name, count, step_first, step_last, last_value)
    select key, 's/' || n, 10, 1, 10, 0 from j, generate_series(1, 2000) n`);
  await fill(`insert into metric_points (series_id, step, seq, ord, value, ts)
    select s.id, n, n, 0, 0, now() from j join metric_series s on s.job_key = j.key,
      generate_series(1, 10) n where s.name <> 'loss'`);
}

/** Half a millisecond a row: a disk that is busy. */
async function slowDown(): Promise<void> {
  await api.supabase.sql(
    `create function slow() returns trigger language plpgsql as $$
      begin perform pg_sleep(0.0005); return old; end $$`,
  );
  await api.supabase.sql(
    "create trigger slow before delete on job_stream for each row execute function slow()",
  );
}

/** As hosted Supabase, only shorter: in every connection from now on. */
async function limitStatements(): Promise<void> {
  const session = api.supabase.connect();
  await session.sql(`alter role postgres set statement_timeout = '${timeoutMs}ms'`);
  await session.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = 'postgres' and backend_type = 'client backend' and pid <> pg_backend_pid()`,
  );
  await session.close();
  // A connection of the pool learns of its end when it is next used.
  await vi.waitFor(() => api.supabase.sql("select 1"));
}

/** Tables that hold rows of runs, with how many of theirs are left that no run of a user owns. */
async function orphans(): Promise<Record<string, number>> {
  const children = await api.supabase.sql<{ name: string }>(
    `select conrelid::regclass::text as name from pg_constraint
      where confrelid = 'public.jobs'::regclass and contype = 'f'`,
  );
  const left: Record<string, number> = {};
  const count = async (name: string, from: string) => {
    const [row] = await api.supabase.sql<{ n: number }>(`select count(*)::int as n from ${from}`);
    if (row && row.n > 0) left[name] = row.n;
  };
  for (const { name } of children) {
    const owned = "select from jobs j where j.key = c.job_key and j.user_id is not null";
    await count(name, `${name} c where not exists (${owned})`);
  }
  const kept = "select from metric_series s where s.id = c.series_id";
  await count("metric_points", `metric_points c where not exists (${kept})`);
  await count("metric_rollups", `metric_rollups c where not exists (${kept})`);
  await count("dropped_series", "dropped_series");
  await count("jobs", "jobs where user_id is null");
  return left;
}

async function removeAll(): Promise<number> {
  const { dropPoints, removeRows } = await import("../../lib/server/retention/apply-retention.ts");
  let portions = 0;
  for (const step of [removeRows, dropPoints]) while (await step()) portions += 1;
  return portions;
}

it("cannot delete a big run in one statement, to begin with", async () => {
  await expect(api.supabase.sql("delete from jobs where id = 'spare'")).rejects.toMatchObject({
    code: "57014",
  });
});

it("hides a deleted run at once, frees its id, and deletes its rows in portions", async () => {
  const key = await api.makeKey(user);
  const get = (path: string) => api.call("GET", path, { key });
  const { token } = await api.attach(user, "big");
  const done = { bearer: token, json: { status: "succeeded" } };
  await api.call("POST", "/api/training/local/big/status", done);

  expect((await api.call("DELETE", "/api/training/big", { key })).status).toBe(200);
  for (const path of ["big", "local/big/logs", "predictions/big", "jobs/big/stream"]) {
    expect((await get(`/api/training/${path}`)).status, path).toBe(404);
  }
  const { body } = await get("/api/training/jobs");
  expect(body).toMatchObject({ total: 1, jobs: [{ id: "spare" }] });
  const post = { job_id: "big", points: [{ name: "loss", step: 2, value: 1 }] };
  const late = { bearer: token, json: post };
  expect((await api.call("POST", "/api/training/local/metrics", late)).status).toBe(401);
  const own = await fetch(`${api.supabase.url}/rest/v1/jobs?select=id`, {
    headers: {
      apikey: api.supabase.publishableKey,
      Authorization: `Bearer ${user.accessToken}`,
    },
  });
  expect(await own.json()).toEqual([{ id: "spare" }]);

  // The same id begins anew, and is not touched.
  await api.attach(user, "big");
  expect(await removeAll()).toBeGreaterThan(10);
  expect(await orphans()).toEqual({});
  expect((await get("/api/training/big")).body).toMatchObject({ status: "running" });
});

it("goes on after a process was stopped in the middle of a portion", async () => {
  const { removeRows } = await import("../../lib/server/retention/apply-retention.ts");
  const key = await api.makeKey(user);
  await api.call("DELETE", "/api/training/spare", { key });
  expect(await removeRows()).toBe(true);
  const before = await orphans();

  const crashed = api.supabase.connect();
  await crashed.sql("begin");
  await crashed.sql("select remove_rows(2000)");
  // Meanwhile another process leaves the run to the one that holds it.
  expect(await removeRows()).toBe(false);
  await crashed.close();

  expect(await orphans()).toEqual(before);
  await removeAll();
  expect(await orphans()).toEqual({});
});

it("deletes a user at once, and the rows of their runs in portions", async () => {
  const running = await api.attach(other, "running");
  await api.supabase.sql("delete from auth.users where id = $1", [other.userId]);
  const heartbeat = { bearer: running.token, json: {} };
  const path = "/api/training/local/running/heartbeat";
  expect((await api.call("POST", path, heartbeat)).status).toBe(401);
  expect(await removeAll()).toBeGreaterThan(10);
  expect(await orphans()).toEqual({});
});
