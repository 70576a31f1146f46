import type { Database, Query } from "../database/database.ts";
import type { Log } from "../log.ts";
import { StartError } from "../start-error.ts";

type Table = { name: string; columns: string; pages: number };

/** Pages of a table that are read at a time: some 8 MB. */
const pagesAtOnce = 1_000;
const rowsAtOnce = 500;

/**
 * Copies every row of every table, and the sequences, between two databases with the same schema, and compares
 * them. What the migrations have put into the target is replaced.
 * @throws StartError if the tables or the rows differ in the end
 */
export async function copyRows(source: Database, target: Database, log: Log): Promise<void> {
  // As PostgreSQL here, so that equal times have equal texts.
  await source.query("select set_config('TimeZone', 'UTC', false)");
  const tables = await tablesOf(source.query);
  const present = new Set((await tablesOf(target.query)).map(({ name }) => name));
  const missing = tables.filter(({ name }) => !present.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw new StartError(`PostgreSQL has no table ${missing.join(", ")}.`);
  await target.transaction(async ({ query }) => {
    // Neither triggers nor foreign keys: every row was checked when it was stored.
    await query("set local session_replication_role = replica");
    await query(`truncate ${tables.map(({ name }) => name).join(", ")}`);
    for (const table of tables) await copyTable(source.query, query, table);
    await copySequences(source.query, query);
  });
  for (const { name } of tables) {
    const [was, is] = [await sumOf(source.query, name), await sumOf(target.query, name)];
    if (was !== is)
      throw new StartError(`The rows of ${name} differ after the move. Nothing was changed.`);
  }
  await target.query("analyze");
  log(`Moved ${tables.length} tables, and compared every row.`);
}

async function tablesOf(query: Query): Promise<Table[]> {
  return query<Table>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       string_agg(format('%I', a.attname), ', ' order by a.attnum) as columns,
       (pg_relation_size(c.oid) / current_setting('block_size')::int)::int as pages
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind = 'r' and c.relpersistence <> 't'
       and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
     group by c.oid, n.nspname, c.relname order by 1`,
  );
}

/** Rows travel as the text of PostgreSQL itself, which keeps every value as it is. */
async function copyTable(from: Query, to: Query, { name, columns, pages }: Table): Promise<void> {
  for (let page = 0; page < pages; page += pagesAtOnce) {
    const rows = await from<{ row: string }>(
      `select t::text as row from ${name} t
       where ctid >= '(${page},0)'::tid and ctid < '(${page + pagesAtOnce},0)'::tid`,
    );
    for (let at = 0; at < rows.length; at += rowsAtOnce) {
      await to(
        `insert into ${name} (${columns}) overriding system value
         select ${columns} from (select (row).* from (select unnest($1::text[])::${name} as row) r) t`,
        [rows.slice(at, at + rowsAtOnce).map(({ row }) => row)],
      );
    }
  }
}

async function copySequences(from: Query, to: Query): Promise<void> {
  const sequences = await from<{ name: string }>(
    "select format('%I.%I', schemaname, sequencename) as name from pg_sequences order by 1",
  );
  for (const { name } of sequences) {
    const [state] = await from<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${name}`,
    );
    await to("select setval($1::regclass, $2::bigint, $3)", [name, state?.last, state?.called]);
  }
}

/** The same whatever the order of the rows. */
async function sumOf(query: Query, name: string): Promise<string | undefined> {
  const [row] = await query<{ sum: string }>(
    `select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as sum from ${name} t`,
  );
  return row?.sum;
}
