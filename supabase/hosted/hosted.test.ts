import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signUp, type TestUser } from "../local/testing.ts";
import { type HostedSupabase, startHostedSupabase } from "./start.ts";

let supabase: HostedSupabase;
let user: TestUser;

beforeAll(async () => {
  supabase = await startHostedSupabase();
  user = await signUp(supabase, "a@example.com");
  await supabase.sql(`create function public.context() returns jsonb language sql as $$
    select jsonb_build_object('user', current_user, 'session', session_user,
      'timeout', current_setting('statement_timeout'), 'lock', current_setting('lock_timeout')) $$`);
  await supabase.sql("notify pgrst, 'reload schema'");
});
afterAll(() => supabase.close());

async function rest(path: string, headers: Record<string, string>) {
  const response = await fetch(`${supabase.url}/rest/v1/${path}`, { headers });
  return { status: response.status, body: await response.json() };
}

describe("a database in the shape of a hosted project", () => {
  it("gives the owner of the migrations no superuser's rights", async () => {
    const [role] = await supabase.sql(
      "select rolname, rolsuper from pg_roles where rolname = current_user",
    );
    expect(role).toEqual({ rolname: "postgres", rolsuper: false });
    await expect(supabase.sql("alter table auth.users add column mine text")).rejects.toThrow(
      "must be owner",
    );
    await expect(supabase.sql("drop function realtime.topic()")).rejects.toThrow("must be owner");
  });

  it("grants nothing by itself on a new table", async () => {
    await supabase.sql("create table public.fresh (id int)");
    const granted = await supabase.sql(
      `select r from unnest(array['anon', 'authenticated', 'service_role']) r
        where has_table_privilege(r, 'public.fresh', 'select')`,
    );
    expect(granted).toEqual([]);
  });

  it("compares text with ICU, so that case folds beyond ASCII", async () => {
    const [row] = await supabase.sql("select 'FÜNF' ilike 'fünf' as same");
    expect(row).toEqual({ same: true });
  });

  it("lets Auth delete a user who has runs", async () => {
    const gone = await signUp(supabase, "gone@example.com");
    await supabase.sql(
      "insert into jobs (user_id, id, name, kind, status, managed, generation) values ($1, 'run', 'run', 'other', 'running', false, 'g')",
      [gone.userId],
    );
    const auth = supabase.connect("supabase_auth_admin");
    await auth.sql("delete from auth.users where id = $1", [gone.userId]);
    expect(await supabase.sql("select 1 from jobs where user_id is not null")).toEqual([]);
  });

  it("has tables of Auth and Realtime that belong to their services", async () => {
    const owners = await supabase.sql(
      `select tableowner as owner from pg_tables
        where (schemaname, tablename) in (('auth', 'users'), ('realtime', 'messages'))
        order by 1`,
    );
    expect(owners).toEqual([
      { owner: "supabase_auth_admin" },
      { owner: "supabase_realtime_admin" },
    ]);
  });
});

describe("its gateway", () => {
  it("makes a role's token of a key, with the time-outs of authenticator and the role", async () => {
    const { publishableKey, secretKey } = supabase;
    const as = { anon: "3s", authenticated: "8s", service_role: "8s" };
    for (const [role, timeout] of Object.entries(as)) {
      const apikey = role === "service_role" ? secretKey : publishableKey;
      const bearer = { authorization: `Bearer ${user.accessToken}` };
      const reply = await rest("rpc/context", {
        apikey,
        ...(role === "authenticated" && bearer),
      });
      const body = { user: role, session: "authenticator", timeout, lock: "8s" };
      expect(reply).toEqual({ status: 200, body });
    }
  });

  it("refuses a key where a token belongs, except beside itself", async () => {
    const { publishableKey, secretKey } = supabase;
    const authorization = `Bearer ${secretKey}`;
    expect((await rest("jobs?select=id", { authorization })).status).toBe(401);
    expect((await rest("jobs?select=id", { authorization, apikey: publishableKey })).status).toBe(
      401,
    );
    expect((await rest("jobs?select=id", { authorization, apikey: secretKey })).status).toBe(200);
  });

  it("refuses unknown keys, and the secret key in a browser", async () => {
    expect((await rest("jobs?select=id", { apikey: "sb_secret_unknown" })).status).toBe(401);
    const browser = { apikey: supabase.secretKey, "user-agent": "Mozilla/5.0" };
    expect((await rest("jobs?select=id", browser)).status).toBe(401);
  });
});
