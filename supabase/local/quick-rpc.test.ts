import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestSupabase, type TestSupabase } from "./testing.ts";

const functions = [
  `create function who(p_any text) returns jsonb language sql stable as $$
    select jsonb_build_object('user', current_user, 'role', auth.role(), 'any', p_any,
      'path', current_setting('request.path'),
      'agent', current_setting('request.headers')::jsonb ->> 'user-agent') $$`,
  `create function mirror(p_big bigint, p_float float8, p_list text[], p_doc jsonb, p_on boolean,
    p_id uuid) returns jsonb language sql as $$
    select jsonb_build_array(p_big, p_float, p_list, p_doc, p_doc is null, p_on, p_id) $$`,
  "create function half(p_n int) returns text language sql as $$ select (p_n / 2)::text $$",
  `create function with_default(p_a int, p_b int default 5) returns jsonb language sql as $$
    select to_jsonb(p_a + p_b) $$`,
  "create function rows_of(p_n int) returns setof jsonb language sql as $$ select '1'::jsonb $$",
  "create table kept (n int)",
  "grant insert on kept to service_role",
  `create function keep(p_n int) returns boolean language plpgsql as $$ begin
    insert into kept values (p_n);
    if p_n > 9 then raise exception 'too much' using errcode = 'SB009', detail = 'why'; end if;
    return true; end $$`,
  "create function closed(p_n int) returns boolean language sql as $$ select true $$",
  "revoke execute on function closed from public, anon, authenticated, service_role",
];

describe.each(["pglite", "postgres"] as const)("a quick call on %s", (engine) => {
  let supabase: TestSupabase;

  beforeAll(async () => {
    supabase = await startTestSupabase({ engine });
    for (const statement of functions) await supabase.sql(statement);
  });
  afterAll(() => supabase.close());

  const call = async (name: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${supabase.url}/rest/v1/rpc/${name}`, {
      method: "POST",
      headers: {
        apikey: supabase.secretKey,
        "Content-Type": "application/json",
        "User-Agent": "test",
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  it.each([
    ["who", { p_any: "x" }],
    [
      "mirror",
      {
        p_big: 9_007_199_254_740_991,
        p_float: -0.5,
        p_list: ['a"b', "c,{d}", "null", ""],
        p_doc: { text: "it's \u2028 <b>", list: [1, null] },
        p_on: false,
        p_id: "01a1f856-2b71-738f-9ae5-b23e37884611",
      },
    ],
    ["mirror", { p_big: null, p_float: null, p_list: [], p_doc: null, p_on: null, p_id: null }],
    ["half", { p_n: 9 }],
    ["half", { p_n: null }],
    ["half", { p_n: "nine" }],
    ["half", {}],
    ["half", { p_n: 1, p_more: 2 }],
    ["half", "not JSON"],
    ["with_default", { p_a: 1 }],
    ["with_default", { p_a: 1, p_b: 2 }],
    ["rows_of", { p_n: 1 }],
    ["keep", { p_n: 10 }],
    ["closed", { p_n: 1 }],
    ["nowhere", { p_n: 1 }],
  ])("of %s(%j) gets lite's own answer", async (name, body) => {
    expect(await call(name, body)).toEqual(await call(name, body, { Prefer: "tx=commit" }));
  });

  it("acts as the service role, and only for the secret key", async () => {
    expect((await call("who", { p_any: "x" })).body).toMatchObject({
      user: "service_role",
      role: "service_role",
      path: "/rpc/who",
      agent: "test",
    });
    const other = { apikey: supabase.publishableKey };
    expect((await call("who", { p_any: "x" }, other)).body).toMatchObject({ user: "anon" });
    const { accessToken } = await supabase.signUp("quick@example.com");
    const bearer = { Authorization: `Bearer ${accessToken}` };
    expect((await call("who", { p_any: "x" }, bearer)).body).toMatchObject({
      user: "authenticated",
    });
  });

  it("is committed, or leaves nothing", async () => {
    expect((await call("keep", { p_n: 3 })).body).toBe(true);
    expect((await call("keep", { p_n: 11 })).body).toMatchObject({ code: "SB009" });
    expect(await supabase.sql("select n from kept")).toEqual([{ n: 3 }]);
  });
});
