import type { Query } from "./database/database.ts";

export type Column = {
  name: string;
  type: number;
  nullable: boolean;
  optional: boolean;
  /** An identity column `always`, or a generated one: never written by clients. */
  readonly: boolean;
};

export type Relation = {
  name: string;
  kind: "table" | "view";
  columns: Column[];
  foreignKeys: ForeignKey[];
};

export type ForeignKey = {
  name: string;
  columns: string[];
  target: string;
  targetColumns: string[];
  one_to_one: boolean;
};

export type Argument = { name: string; type: number; optional: boolean; nullable: boolean };

export type DatabaseFunction = {
  name: string;
  args: Argument[];
  /** The columns of `returns table (…)` or of `out` parameters. */
  outputs: { name: string; type: number }[];
  returns: number;
  set: boolean;
};

export type Type = {
  oid: number;
  name: string;
  schema: string;
  kind: "base" | "composite" | "domain" | "enum" | "pseudo" | "other";
  /** Element type of an array, base type of a domain. */
  of: number;
  array: boolean;
  labels: string[];
};

export type Schema = { relations: Relation[]; functions: DatabaseFunction[]; types: Type[] };

/** Reads the `public` schema from the catalog, in a fixed order. */
export async function describeSchema(sql: Query): Promise<Schema> {
  const [relations, functions, types] = await Promise.all([
    sql<Relation>(relationsQuery),
    sql<DatabaseFunction>(functionsQuery),
    sql<Type>(typesQuery),
  ]);
  return { relations, functions, types };
}

const relationsQuery = `
  select c.relname as name,
    case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', a.attname,
        'type', a.atttypid::int,
        'nullable', not a.attnotnull,
        'optional', not a.attnotnull or a.atthasdef or a.attidentity <> '',
        'readonly', a.attidentity = 'a' or a.attgenerated <> ''
      ) order by a.attname collate "C"), '[]')
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    ) as columns,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', k.conname,
        'columns', (select jsonb_agg(a.attname order by u.place)
          from unnest(k.conkey) with ordinality u(num, place)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num),
        'target', t.relname,
        'targetColumns', (select jsonb_agg(a.attname order by u.place)
          from unnest(k.confkey) with ordinality u(num, place)
          join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num),
        'one_to_one', exists (select from pg_constraint p
          where p.conrelid = k.conrelid and p.contype in ('p', 'u')
            and p.conkey @> k.conkey and p.conkey <@ k.conkey)
      ) order by k.conname collate "C"), '[]')
      from pg_constraint k join pg_class t on t.oid = k.confrelid
      where k.conrelid = c.oid and k.contype = 'f' and t.relnamespace = c.relnamespace
    ) as "foreignKeys"
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
    and not c.relispartition
  order by c.relname collate "C"`;

const functionsQuery = `
  with input as (
    select p.oid, i.place, i.type::int as type, p.proargnames[i.place] as name,
      coalesce(p.proargmodes[i.place], 'i') as mode
    from pg_proc p, unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]))
      with ordinality i(type, place)
  ), callable as (
    select *, row_number() over (partition by oid order by place) as number
    from input where mode in ('i', 'b', 'v')
  )
  select p.proname as name, p.prorettype::int as returns, p.proretset as set,
    (select coalesce(jsonb_agg(jsonb_build_object(
        'name', c.name, 'type', c.type,
        'optional', c.number > p.pronargs - p.pronargdefaults,
        'nullable', c.number > p.pronargs - p.pronargdefaults
          and pg_get_function_arg_default(p.oid, c.place::int) ~* '^null(::|$)'
      ) order by c.name collate "C"), '[]')
      from callable c where c.oid = p.oid and c.name <> '') as args,
    (select coalesce(jsonb_agg(jsonb_build_object('name', i.name, 'type', i.type)
      order by i.name collate "C"), '[]')
      from input i where i.oid = p.oid and i.mode in ('o', 'b', 't')) as outputs
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
    and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by p.proname collate "C", pg_get_function_identity_arguments(p.oid) collate "C"`;

const typesQuery = `
  select t.oid::int as oid, t.typname as name, n.nspname as schema,
    case t.typtype when 'b' then 'base' when 'c' then 'composite' when 'd' then 'domain'
      when 'e' then 'enum' when 'p' then 'pseudo' else 'other' end as kind,
    case t.typtype when 'd' then t.typbasetype else t.typelem end::int as of,
    t.typcategory = 'A' as array,
    (select coalesce(jsonb_agg(e.enumlabel order by e.enumsortorder), '[]')
      from pg_enum e where e.enumtypid = t.oid) as labels
  from pg_type t join pg_namespace n on n.oid = t.typnamespace
  order by t.typname collate "C"`;
