import type { Database } from "./database/database.ts";
import type { Log } from "./log.ts";

const everyMs = 30_000;

/**
 * Does what PostgreSQL's background processes do elsewhere, since PGlite has none: vacuums one table at
 * a time and shortens the write-ahead log. Only while the database is idle; a failing step never stops
 * the others.
 */
export function startHousekeeping(database: Database, log: Log): () => void {
  if (database.engine !== "pglite") return () => undefined;
  const failed = new Set<string>();
  const steps: [name: string, step: () => Promise<unknown>][] = [
    ["Vacuum", () => vacuumOne(database, failed)],
    ["Shortening the write-ahead log", () => database.tidy()],
  ];
  const tick = async () => {
    for (const [name, step] of steps) {
      if (database.busy()) return;
      await step().catch((error: unknown) => log(`${name} failed: ${String(error)}`));
    }
  };
  const timer = setInterval(tick, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

type Candidate = { name: string; dead: boolean };

/**
 * Vacuums the table that needs it most by autovacuum's rule: a tenth of its rows are dead or changed
 * since the last run. Returns its name, or undefined if none needs it.
 * @param failed tables to leave until all others are done; a table that fails is added
 */
export async function vacuumOne(
  database: Database,
  failed: Set<string> = new Set(),
): Promise<string | undefined> {
  // A session flushes its statistics at most once a second; this flushes them now.
  await database.query("select pg_stat_force_next_flush()");
  const [candidate] = await database.query<Candidate>(
    `select name, n_dead_tup > least_rows as dead
    from pg_stat_all_tables,
      lateral (select 1000 + 0.1 * n_live_tup as least_rows, format('%I.%I', schemaname, relname) as name)
    where schemaname not in ('information_schema', 'pg_toast') and name <> all($1)
      and (n_dead_tup > least_rows or n_mod_since_analyze > least_rows)
    order by n_dead_tup > least_rows desc, n_dead_tup + n_mod_since_analyze desc limit 1`,
    [[...failed]],
  );
  if (!candidate) {
    failed.clear();
    return undefined;
  }
  const { name, dead } = candidate;
  failed.add(name);
  await database.query(`${dead ? "vacuum (analyze)" : "analyze"} ${name}`);
  failed.delete(name);
  return name;
}
