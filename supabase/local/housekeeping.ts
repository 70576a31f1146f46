import type { Database } from "./database/database.ts";
import type { Log } from "./log.ts";

const everyMs = 30_000;

/**
 * Vacuums and analyzes tables with many changes, since PGlite has no autovacuum and every batch
 * updates the rollup tables. One table at a time, and only while the database is idle.
 */
export function startVacuum(database: Database, log: Log): () => void {
  if (database.engine !== "pglite") return () => undefined;
  const timer = setInterval(() => {
    if (database.busy()) return;
    vacuumOne(database).catch((error: unknown) => log(`Vacuum failed: ${String(error)}`));
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

type Candidate = { name: string; dead: boolean };

/**
 * Vacuums the table that needs it most by autovacuum's rule: a tenth of its rows are dead or changed
 * since the last run. Returns its name, or undefined if none needs it.
 */
export async function vacuumOne(database: Database): Promise<string | undefined> {
  // A session flushes its statistics at most once a second; this flushes them now.
  await database.query("select pg_stat_force_next_flush()");
  const [candidate] = await database.query<Candidate>(`
    select format('%I.%I', schemaname, relname) as name, n_dead_tup > least_rows as dead
    from pg_stat_all_tables, lateral (select 1000 + 0.1 * n_live_tup as least_rows)
    where schemaname not in ('information_schema', 'pg_toast')
      and (n_dead_tup > least_rows or n_mod_since_analyze > least_rows)
    order by n_dead_tup > least_rows desc, n_dead_tup + n_mod_since_analyze desc limit 1`);
  if (!candidate) return undefined;
  await database.query(`${candidate.dead ? "vacuum (analyze)" : "analyze"} ${candidate.name}`);
  return candidate.name;
}
