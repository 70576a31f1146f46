import { connectByUrl } from "../local/database/postgres.ts";
import { ownSchema } from "../local/migrate.ts";
import { type ProjectSettings, removeUsers, testUsers } from "./project.ts";

/**
 * Makes a project ready for the tests: removes the users that an interrupted run left.
 * @throws Error if the project lacks migrations, or holds somebody's runs and is not said to be `shared`
 */
export async function prepareProject(
  { SUPABASE_DB_URL: url }: ProjectSettings,
  { shared }: { shared: boolean },
): Promise<void> {
  const session = connectByUrl(url, 1);
  const { sql } = session;
  try {
    const applied = await sql<{ version: string }>(
      "select version from supabase_migrations.schema_migrations",
    ).catch(() => []);
    const versions = new Set(applied.map(({ version }) => version));
    const missing = [...(await ownSchema()).keys()].filter((version) => !versions.has(version));
    if (missing.length > 0) {
      throw new Error(
        `The project lacks ${missing.length} migrations, the first of them ${missing[0]}. Run: supabase db push`,
      );
    }
    await removeUsers(session, testUsers);
    const [row] = await sql<{ runs: number }>(
      "select count(*)::int as runs from public.jobs where user_id is not null",
    );
    const runs = row?.runs ?? 0;
    if (runs > 0 && !shared) {
      throw new Error(
        `The project holds ${runs} ${runs === 1 ? "run" : "runs"} of its users. The tests remove only what they make, but they run the housekeeping of all. Use an empty project, or set SIGNALBOX_TEST_SHARED_PROJECT=1.`,
      );
    }
  } finally {
    await session.close();
  }
}
