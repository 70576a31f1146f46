import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, type TestUser } from "../../supabase/local/testing.ts";
import { startApi, type TestApi } from "./kit.ts";

/** Columns that nobody can read over HTTP, not even the owner. */
const hidden = { attempts: ["token_hash", "token_salt", "revoked_at"], api_keys: ["key_hash"] };
/** Tables for the server only, closed even to the owner of the rows. */
const internal = [
  "dropped_series",
  "ingest_batches",
  "job_usage",
  "sign_in_links",
  "start_requests",
];

describe.each(engines)("Supabase's own API, on %s", (engine) => {
  let api: TestApi;
  let a: TestUser;
  let b: TestUser;
  let tables: string[];
  let functions: { name: string; args: string[] }[];
  let jobKey: number;
  const clients: SupabaseClient[] = [];

  beforeAll(async () => {
    api = await startApi({ engine });
    [a, b] = await Promise.all([api.signUp("a"), api.signUp("b")]);
    await api.makeKey(a);
    const { token } = await api.attach(a, "job-of-a");
    const as = { bearer: token };
    const json = { job_id: "job-of-a", batch_id: "b1", points: [{ name: "l", step: 0, value: 1 }] };
    await api.call("POST", "/api/training/local/metrics", { ...as, json });
    const local = "/api/training/local/job-of-a";
    const answer = {
      epoch: 0,
      step: 0,
      sample_index: 0,
      prompt: "p",
      prediction: "secret",
      reward: 1,
    };
    const predictions = { job_id: "job-of-a", predictions: [answer] };
    await api.call("POST", "/api/training/local/predictions", { ...as, json: predictions });
    await api.call("POST", `${local}/logs`, { ...as, json: { logs: ["secret"] } });
    const action = { action: "checkpoint" };
    await api.call("POST", `${local}/control`, { bearer: a.accessToken, json: action });
    await api.call("POST", "/api/training/jobs", {
      bearer: a.accessToken,
      json: { kind: "sft" },
      headers: { "idempotency-key": "start-1" },
    });
    await api.call("POST", "/api/training/views", {
      bearer: a.accessToken,
      json: { page: "runs", name: "mine", query: "q=secret" },
    });
    await api.call("PUT", "/api/settings/retention", {
      bearer: a.accessToken,
      json: { archived_days: 365, points_days: null },
    });
    await api.call("GET", "/api/usage", { bearer: a.accessToken });
    const { sql } = api.supabase;
    await sql("insert into dropped_series values (999999)");
    await sql(`select create_sign_in_link('${a.userId}', 'hash', 600)`);
    tables = (
      await sql<{ name: string }>(
        `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
          where n.nspname = 'public' and c.relkind in ('r', 'v', 'm', 'p') order by 1`,
      )
    ).map(({ name }) => name);
    functions = await sql(
      `select p.proname as name, coalesce(p.proargnames, '{}') as args
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public' order by 1`,
    );
    const [row] = await sql<{ key: number }>("select key from jobs where id = 'job-of-a'");
    jobKey = Number(row?.key);
  });
  afterAll(async () => {
    for (const client of clients) await client.realtime.disconnect();
    await api.close();
  });

  function clientOf(user?: TestUser, key = api.supabase.publishableKey): SupabaseClient {
    const client = createClient(api.supabase.url, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      ...(user && { global: { headers: { Authorization: `Bearer ${user.accessToken}` } } }),
    });
    if (user) client.realtime.setAuth(user.accessToken);
    clients.push(client);
    return client;
  }

  it("has rows in every table, so that the other tests are meaningful", async () => {
    for (const table of tables) {
      const rows = await api.supabase.sql(`select 1 from public.${table} limit 1`);
      expect(rows, table).toHaveLength(1);
    }
    expect(tables).toEqual(expect.arrayContaining([...internal, ...Object.keys(hidden)]));
  });

  it("has row-level security on every table", async () => {
    const open = await api.supabase.sql(
      `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'signalbox') and c.relkind in ('r', 'p')
          and not c.relrowsecurity`,
    );
    expect(open).toEqual([]);
  });

  it("lets anon read nothing, and B nothing of A", async () => {
    const anon = clientOf();
    const other = clientOf(b);
    for (const table of tables) {
      const columns = await readable(table);
      expect((await anon.from(table).select("*")).data ?? [], table).toEqual([]);
      expect((await anon.from(table).select(columns)).data ?? [], table).toEqual([]);
      expect((await other.from(table).select(columns)).data ?? [], table).toEqual([]);
    }
  });

  async function readable(table: string): Promise<string> {
    const rows = await api.supabase.sql<{ name: string }>(
      `select column_name as name from information_schema.columns
        where table_schema = 'public' and table_name = $1`,
      [table],
    );
    const secret = new Map(Object.entries(hidden)).get(table) ?? [];
    return rows
      .map(({ name }) => name)
      .filter((name) => !secret.includes(name))
      .join(",");
  }

  it("lets A read A's own rows, without any hash", async () => {
    const own = clientOf(a);
    for (const table of tables) {
      const { data, error } = await own.from(table).select(await readable(table));
      if (internal.includes(table)) expect(error, table).not.toBeNull();
      else expect(data?.length, table).toBeGreaterThan(0);
    }
    for (const [table, columns] of Object.entries(hidden)) {
      for (const column of columns) {
        const { data, error } = await own.from(table).select(column);
        expect([table, column, data, error?.code]).toEqual([table, column, null, "42501"]);
      }
    }
  });

  it("lets nobody write, not even the owner", async () => {
    const count = async () => {
      const rows = tables.map((table) => `'${table}', (select count(*) from public.${table})`);
      return api.supabase.sql(`select jsonb_build_object(${rows.join(",")}) as counts`);
    };
    const before = await count();
    for (const client of [clientOf(), clientOf(b), clientOf(a)]) {
      for (const table of tables) {
        const results = [
          await client.from(table).insert({}),
          await client.from(table).insert({ user_id: a.userId, id: "x", job_key: jobKey }),
          await client.from(table).delete().not("created_at", "is", null),
        ];
        expect(results.map(({ error }) => error !== null)).toEqual([true, true, true]);
      }
      const renamed = await client.from("jobs").update({ name: "taken" }).eq("id", "job-of-a");
      expect(renamed.error).not.toBeNull();
      const moved = await client.from("jobs").update({ user_id: b.userId }).eq("id", "job-of-a");
      expect(moved.error).not.toBeNull();
    }
    expect(await count()).toEqual(before);
    const [job] = await api.supabase.sql("select name, user_id from jobs where id = 'job-of-a'");
    expect(job).toEqual({ name: "job-of-a", user_id: a.userId });
  });

  it("lets nobody but the service execute a function", async () => {
    expect(functions.length).toBeGreaterThan(20);
    for (const client of [clientOf(), clientOf(b), clientOf(a)]) {
      for (const { name } of functions) {
        // With its real argument names, so that an error is about permission.
        const { data, error } = await client.rpc(name, argumentsOf(name));
        expect([name, data, error?.code]).toEqual([name, null, "42501"]);
      }
    }
    for (const role of ["anon", "authenticated"]) {
      const open = await api.supabase.sql(
        `select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
          where n.nspname in ('public', 'signalbox') and p.proname <> 'owns_job'
            and has_function_privilege('${role}', p.oid, 'execute')`,
      );
      expect(open).toEqual([]);
    }
  });

  function argumentsOf(name: string): Record<string, unknown> {
    const args = functions.find((candidate) => candidate.name === name)?.args ?? [];
    const values: Record<string, unknown> = {
      p_user_id: a.userId,
      p_job_key: jobKey,
      p_job_id: "job-of-a",
    };
    return Object.fromEntries(
      args.filter((arg) => arg.startsWith("p_")).map((arg) => [arg, values[arg] ?? null]),
    );
  }

  it("answers B's owns_job about A's job as about none", async () => {
    const { error } = await clientOf(b).schema("signalbox").rpc("owns_job", { p_key: jobKey });
    expect(error).not.toBeNull();
  });

  it("lets neither anon nor B join A's private topics, nor A itself", async () => {
    const topics = [
      `job:${jobKey}`,
      `user:${a.userId}`,
      "job:999999",
      `user:${crypto.randomUUID()}`,
    ];
    for (const client of [clientOf(), clientOf(b), clientOf(a)]) {
      for (const topic of topics) {
        const { status, leave } = await join(client, topic, true);
        expect([topic, status]).toEqual([topic, "CHANNEL_ERROR"]);
        await leave();
      }
    }
  });

  it("tells the service of A's rows, and no public channel of the same name", async () => {
    const service = clientOf(undefined, api.supabase.secretKey);
    const own = await join(service, `user:${a.userId}`, true);
    expect(own.status).toBe("SUBSCRIBED");
    const others = [clientOf(), clientOf(b), clientOf(a)];
    const open = await Promise.all(others.map((one) => join(one, `user:${a.userId}`, false)));
    const note = { json: { events: [{ type: "note" }] }, bearer: a.accessToken };
    await api.call("POST", "/api/training/local/job-of-a/events", note);
    await expect.poll(() => own.heard.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(open.flatMap(({ heard }) => heard)).toEqual([]);
  });

  async function join(client: SupabaseClient, topic: string, isPrivate: boolean) {
    const heard: unknown[] = [];
    const channel = client.channel(topic, { config: { private: isPrivate } });
    channel.on("broadcast", { event: "*" }, (message) => heard.push(message));
    const status = await new Promise<string>((resolve) => channel.subscribe(resolve));
    return { status, heard, leave: () => client.removeChannel(channel) };
  }

  it("does not accept the dashboard's credentials as Supabase ones", async () => {
    const key = await api.makeKey(a);
    for (const token of [key, "nonsense", `${a.accessToken}x`]) {
      const response = await fetch(`${api.supabase.url}/rest/v1/jobs?select=id`, {
        headers: { apikey: api.supabase.publishableKey, Authorization: `Bearer ${token}` },
      });
      expect([401, 403], token).toContain(response.status);
    }
  });
});
