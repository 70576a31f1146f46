import { createClient } from "@supabase/supabase-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestSupabase, type TestSupabase } from "./testing.ts";

/** A supabase-js client without any session of its own. */
function clientOf(url: string, key: string, accessToken?: string) {
  return createClient(url, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    ...(accessToken && { global: { headers: { Authorization: `Bearer ${accessToken}` } } }),
  });
}

const fixture = `
  create table notes (id int primary key, user_id uuid not null, text text);
  alter table notes enable row level security;
  create policy own on notes to authenticated using (user_id = auth.uid())
    with check (user_id = auth.uid());
  grant all on notes to anon, authenticated, service_role;
  create table vault (secret text);
  grant select on vault to service_role;
  insert into vault values ('x');
  create function whoami() returns text language sql stable as $$ select current_user::text $$;
  create function context() returns jsonb language sql stable as $$ select jsonb_build_object(
    'uid', auth.uid(), 'role', auth.role(), 'email', auth.jwt() ->> 'email',
    'method', current_setting('request.method'), 'path', current_setting('request.path'),
    'agent', current_setting('request.headers')::jsonb ->> 'user-agent') $$;
  create function fail_with(p_code text) returns void language plpgsql as $$
    begin raise exception 'no such thing' using errcode = p_code, detail = 'why', hint = 'how'; end $$;
  create function echo(p_steps bigint[], p_values float8[], p_names text[], p_doc jsonb)
    returns jsonb language sql as $$
    select jsonb_build_object('steps', p_steps, 'values', p_values, 'names', p_names, 'doc', p_doc)
    $$;
  create function ring(p_topic text, p_payload jsonb, p_fail boolean default false) returns void
    language plpgsql as $$
    begin
      perform realtime.send(p_payload, 'ring', p_topic, true);
      if p_fail then raise exception 'rolled back'; end if;
    end $$;`;

describe.each(["pglite", "postgres"] as const)("Supabase on %s", (engine) => {
  let supabase: TestSupabase;

  beforeAll(async () => {
    supabase = await startTestSupabase({ engine });
    for (const statement of fixture.split(/;\n {2}(?=create|alter|grant|insert)/)) {
      await supabase.sql(statement);
    }
  });

  afterAll(() => supabase.close());

  it("runs requests as the role that their key and token stand for", async () => {
    const { accessToken } = await supabase.signUp("role@example.com");
    const roles = await Promise.all(
      [
        clientOf(supabase.url, supabase.publishableKey),
        clientOf(supabase.url, supabase.publishableKey, accessToken),
        clientOf(supabase.url, supabase.secretKey),
      ].map((client) => client.rpc("whoami")),
    );
    expect(roles.map(({ data }) => data)).toEqual(["anon", "authenticated", "service_role"]);
  });

  it("exposes the caller and the request to SQL", async () => {
    const { accessToken, userId, email } = await supabase.signUp("context@example.com");
    const headers = {
      apikey: supabase.publishableKey,
      Authorization: `Bearer ${accessToken}`,
      "User-Agent": "test",
    };
    const ask = () => fetch(`${supabase.url}/rest/v1/rpc/context`, { method: "POST", headers });
    const call = { method: "POST", path: "/rpc/context", agent: "test" };
    const person = { uid: userId, role: "authenticated", email };
    expect(await (await ask()).json()).toEqual({ ...person, ...call });
    headers.Authorization = `Bearer ${supabase.publishableKey}`;
    const nobody = { uid: null, role: "anon", email: null };
    expect(await (await ask()).json()).toMatchObject(nobody);
  });

  it("never mixes the rows of concurrent users", async () => {
    const people = await Promise.all(
      [1, 2, 3].map(async (id) => {
        const person = await supabase.signUp(`person-${id}@example.com`);
        await supabase.sql("insert into notes values ($1, $2, 'mine')", [id, person.userId]);
        return { id, client: clientOf(supabase.url, supabase.publishableKey, person.accessToken) };
      }),
    );
    const everybody = clientOf(supabase.url, supabase.secretKey);
    const nobody = clientOf(supabase.url, supabase.publishableKey);
    const rounds = Array.from({ length: 10 }, async () => {
      const seen = await Promise.all(people.map(({ client }) => client.from("notes").select("id")));
      expect(seen.map(({ data }) => data)).toEqual(people.map(({ id }) => [{ id }]));
      expect((await nobody.from("notes").select("id")).data).toEqual([]);
      expect((await everybody.from("notes").select("id")).data).toHaveLength(3);
    });
    await Promise.all(rounds);
  });

  it("grants nothing that a migration does not name", async () => {
    const { accessToken } = await supabase.signUp("revoked@example.com");
    const anybody = clientOf(supabase.url, supabase.publishableKey, accessToken);
    expect((await anybody.from("vault").select()).error?.code).toBe("42501");
    const service = clientOf(supabase.url, supabase.secretKey);
    expect((await service.from("vault").select()).data).toEqual([{ secret: "x" }]);
  });

  it("refuses requests without a key", async () => {
    expect((await fetch(`${supabase.url}/rest/v1/notes`)).status).toBe(401);
    expect((await fetch(`${supabase.url}/_system/config`)).status).toBe(404);
    expect((await fetch(`${supabase.url}/rest/v1/../../_system/config`)).status).toBe(404);
  });

  it.each([
    ["PT409", 409],
    ["P0001", 400],
    ["SB001", 400],
    ["23514", 400],
    ["40001", 500],
  ])("hands on a function's error %s with status %i", async (code, status) => {
    const answer = await clientOf(supabase.url, supabase.secretKey).rpc("fail_with", {
      p_code: code,
    });
    expect(answer.status).toBe(status);
    expect(answer.error).toMatchObject({
      code,
      message: "no such thing",
      details: "why",
      hint: "how",
    });
  });

  it("accepts arrays and documents as arguments, and NaN as text", async () => {
    const names = ['a"b', "c,{d}", "\\", "null", ""];
    const answer = await clientOf(supabase.url, supabase.secretKey).rpc("echo", {
      p_steps: [0, 1, 9_007_199_254_740_991],
      p_values: [1.5, "NaN", "-Infinity", null],
      p_names: names,
      p_doc: [{ text: "it's \u2028 <b>", list: [1, null] }],
    });
    expect(answer.error).toBeNull();
    expect(answer.data).toEqual({
      steps: [0, 1, 9_007_199_254_740_991],
      values: [1.5, "NaN", "-Infinity", null],
      names,
      doc: [{ text: "it's \u2028 <b>", list: [1, null] }],
    });
  });

  it("notifies when the transaction commits, and not when it is rolled back", async () => {
    const service = clientOf(supabase.url, supabase.secretKey);
    const heard: unknown[] = [];
    const channel = service.channel("job:one", { config: { private: true } });
    channel.on("broadcast", { event: "ring" }, ({ payload }) => heard.push(payload));
    await new Promise((resolve) => channel.subscribe(resolve));

    await service.rpc("ring", { p_topic: "job:one", p_payload: { seq: 1 }, p_fail: true });
    await service.rpc("ring", { p_topic: "job:two", p_payload: { seq: 2 } });
    await service.rpc("ring", {
      p_topic: "job:one",
      p_payload: { seq: 3, text: "x".repeat(8000) },
    });
    await service.rpc("ring", { p_topic: "job:one", p_payload: { seq: 4, id: "a" } });
    await expect.poll(() => heard).toEqual([{ seq: 4, id: "a" }]);
    await supabase.sql("select ring('job:one', $1)", [{ seq: 5, id: "b" }]);
    await expect.poll(() => heard.at(-1)).toEqual({ seq: 5, id: "b" });
    await service.removeAllChannels();
  });

  it("accepts a body of 16 MiB and rejects one of 33", async () => {
    const send = (bytes: number) =>
      fetch(`${supabase.url}/rest/v1/rpc/whoami`, {
        method: "POST",
        headers: { apikey: supabase.secretKey, "Content-Type": "application/json" },
        body: `${" ".repeat(bytes - 2)}{}`,
      }).then(
        ({ status }) => status,
        () => "connection closed",
      );
    expect(await send(16 * 1024 * 1024)).toBe(200);
    expect([413, "connection closed"]).toContain(await send(33 * 1024 * 1024));
    expect(await send(2)).toBe(200);
  });

  it("answers /health", async () => {
    const response = await fetch(`${supabase.url}/health`);
    expect(await response.json()).toEqual({ status: "ok" });
  });
});

describe("a real PostgreSQL", () => {
  it("has concurrent connections, so commits can arrive out of order", async () => {
    const supabase = await startTestSupabase({ engine: "postgres" });
    const [early, late] = [supabase.connect(), supabase.connect()];
    await supabase.sql("create table t (n int)");
    await early.sql("begin");
    await early.sql("insert into t values (1)");
    await late.sql("insert into t values (2)");
    expect(await supabase.sql("select n from t")).toEqual([{ n: 2 }]);
    await early.sql("commit");
    expect(await supabase.sql("select n from t order by n")).toEqual([{ n: 1 }, { n: 2 }]);
    await supabase.close();
  });
});
