import { afterAll, beforeAll, expect, it } from "vitest";
import { prepareProject } from "./prepare-project.ts";
import { openProject, type ProjectSettings } from "./project.ts";
import { type HostedSupabase, startHostedSupabase } from "./start.ts";

let supabase: HostedSupabase;
let settings: ProjectSettings;

beforeAll(async () => {
  supabase = await startHostedSupabase();
  settings = {
    SUPABASE_URL: supabase.url,
    SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
    SUPABASE_SECRET_KEY: supabase.secretKey,
    SUPABASE_DB_URL: supabase.databaseUrl,
  };
});
afterAll(() => supabase.close());

const addRun = (userId: string) =>
  supabase.sql(
    "insert into jobs (user_id, id, name, kind, status, managed, generation) values ($1, 'run', 'run', 'other', 'running', false, 'g')",
    [userId],
  );
const count = async (table: string) => (await supabase.sql(`select 1 from ${table}`)).length;

it("tests on a project remove the users that they made, and all their rows", async () => {
  const project = openProject(settings);
  const user = await project.signUp("a@example.com");
  expect(user.email).toMatch(/^signalbox-test-[0-9a-f]{12}-a@example.com$/);
  await addRun(user.userId);
  await project.close();
  expect([await count("auth.users"), await count("jobs")]).toEqual([0, 0]);
});

it("a project is cleared of what an interrupted run has left, and of nothing else", async () => {
  const left = openProject(settings);
  await addRun((await left.signUp("a@example.com")).userId);
  await supabase.sql(
    "insert into auth.users (id, email) values (gen_random_uuid(), 'b@example.com')",
  );
  await prepareProject(settings, { shared: false });
  expect(await supabase.sql("select email from auth.users")).toEqual([{ email: "b@example.com" }]);
  await left.close();
});

it("a project that holds somebody's runs is refused unless it is said to be shared", async () => {
  const [other] = await supabase.sql<{ id: string }>("select id from auth.users");
  await addRun(other?.id ?? "");
  await expect(prepareProject(settings, { shared: false })).rejects.toThrow("holds 1 run");
  await prepareProject(settings, { shared: true });
  expect(await count("jobs")).toBe(1);
});

it("a project without all migrations is refused", async () => {
  await supabase.sql(
    "delete from supabase_migrations.schema_migrations where version > '20261121'",
  );
  await expect(prepareProject(settings, { shared: true })).rejects.toThrow("supabase db push");
});
