import type { Database } from "./database/database.ts";
import type { Log } from "./log.ts";

const everyMs = 30_000;

type Tired = { name: string; dead: string };

/**
 * Vacuums tables with many dead rows. PGlite has no autovacuum, and the rollup tables are updated
 * with every batch. Works on one table at a time, and only while nobody else asks for the database.
 */
export function keepTidy(database: Database, log: Log): () => void {
  if (database.engine !== "pglite") return () => undefined;
  const timer = setInterval(() => {
    if (database.busy()) return;
    vacuumOne(database).catch((error: unknown) => log(`vacuum: ${String(error)}`));
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Vacuums the table with the most dead rows, if any has enough. Returns its name. */
export async function vacuumOne(database: Database): Promise<string | undefined> {
  const [tired] = await database.query<Tired>(`
    select format('%I.%I', schemaname, relname) as name, n_dead_tup::text as dead
    from pg_stat_user_tables
    where n_dead_tup > 1000 + 0.1 * n_live_tup
    order by n_dead_tup desc limit 1`);
  if (!tired) return undefined;
  await database.query(`vacuum (analyze) ${tired.name}`);
  return tired.name;
}
