import type { Database } from "./database/database.ts";
import type { Log } from "./log.ts";

const everyMs = 30_000;

/**
 * Vacuums and analyses tables that changed much. PGlite has no autovacuum, and the rollup tables
 * are updated with every batch. One table at a time, and only while nobody waits for the database.
 */
export function keepTidy(database: Database, log: Log): () => void {
  if (database.engine !== "pglite") return () => undefined;
  const timer = setInterval(() => {
    if (database.busy()) return;
    tidyOne(database).catch((error: unknown) => log(`Vacuum failed: ${String(error)}`));
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

type Untidy = { name: string; dead: boolean };

/**
 * Tidies the table that needs it most, by autovacuum's measure: a tenth of its rows dead or changed
 * since it was last looked at. Returns its name, or undefined where none needs it.
 */
export async function tidyOne(database: Database): Promise<string | undefined> {
  // A session reports what it did once a second at most; this makes it report now.
  await database.query("select pg_stat_force_next_flush()");
  const [untidy] = await database.query<Untidy>(`
    select format('%I.%I', schemaname, relname) as name, n_dead_tup > least_rows as dead
    from pg_stat_all_tables, lateral (select 1000 + 0.1 * n_live_tup as least_rows)
    where schemaname not in ('information_schema', 'pg_toast')
      and (n_dead_tup > least_rows or n_mod_since_analyze > least_rows)
    order by n_dead_tup > least_rows desc, n_dead_tup + n_mod_since_analyze desc limit 1`);
  if (!untidy) return undefined;
  await database.query(`${untidy.dead ? "vacuum (analyze)" : "analyze"} ${untidy.name}`);
  return untidy.name;
}
