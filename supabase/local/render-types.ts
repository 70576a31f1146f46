import type { Argument, DatabaseFunction, Relation, Schema, Type } from "./describe-schema.ts";

/** A TypeScript type: text, or an object type by its members in order. */
type Shape = string | Member[];
type Member = { key: string; optional?: boolean; type: Shape };

const header = `// Generated from supabase/migrations by scripts/generate-database-types.ts. Don't edit.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

`;

const scalars: Record<string, string> = {
  bool: "boolean",
  int2: "number",
  int4: "number",
  int8: "number",
  float4: "number",
  float8: "number",
  numeric: "number",
  json: "Json",
  jsonb: "Json",
  record: "Record<string, unknown>",
  void: "undefined",
};

/** Writes the `Database` type that supabase-js's `createClient<Database>` takes. */
export function renderTypes(schema: Schema): string {
  const types = new TypeNames(schema);
  const tables = schema.relations.filter(({ kind }) => kind === "table");
  const views = schema.relations.filter(({ kind }) => kind === "view");
  const enums = schema.types.filter((type) => type.kind === "enum" && type.schema === "public");
  const names = [...new Set(schema.functions.map(({ name }) => name))];

  const database: Shape = [
    { key: "__InternalSupabase", type: [{ key: "PostgrestVersion", type: '"12.2"' }] },
    {
      key: "public",
      type: [
        { key: "Tables", type: record(tables.map((table) => relationShape(table, types))) },
        { key: "Views", type: record(views.map((view) => relationShape(view, types))) },
        {
          key: "Functions",
          type: record(
            names.map((name) => ({
              key: name,
              type: union(
                schema.functions
                  .filter((one) => one.name === name)
                  .map((one) => print(functionShape(one, types), 3)),
              ),
            })),
          ),
        },
        {
          key: "Enums",
          type: record(enums.map(({ name, labels }) => ({ key: name, type: literals(labels) }))),
        },
        { key: "CompositeTypes", type: record([]) },
      ],
    },
  ];
  return `${header}export type Database = ${print(database, 0)};\n`;
}

function relationShape(relation: Relation, types: TypeNames): Member {
  const { columns, foreignKeys, kind, name } = relation;
  const typeOf = (column: Relation["columns"][number]) =>
    types.of(column.type) + (column.nullable ? " | null" : "");
  const row = columns.map((column) => ({ key: column.name, type: typeOf(column) }));
  const written = (allOptional: boolean) =>
    columns.map((column) => ({
      key: column.name,
      optional: column.readonly || allOptional || column.optional,
      type: column.readonly ? "never" : typeOf(column),
    }));
  const relationships = foreignKeys.map((key) =>
    print(
      [
        { key: "foreignKeyName", type: quote(key.name) },
        { key: "columns", type: tuple(key.columns) },
        { key: "isOneToOne", type: String(key.one_to_one) },
        { key: "referencedRelation", type: quote(key.target) },
        { key: "referencedColumns", type: tuple(key.targetColumns) },
      ],
      5,
    ),
  );
  const members: Member[] = [{ key: "Row", type: record(row) }];
  if (kind === "table") {
    members.push(
      { key: "Insert", type: record(written(false)) },
      { key: "Update", type: record(written(true)) },
    );
  }
  const list = relationships.map((one) => `${indent(5)}${one},\n`).join("");
  members.push({ key: "Relationships", type: list ? `[\n${list}${indent(4)}]` : "[]" });
  return { key: name, type: members };
}

function functionShape(definition: DatabaseFunction, types: TypeNames): Member[] {
  const { args, outputs, returns, set } = definition;
  const relation = types.relationOf(returns);
  const one: Shape =
    outputs.length > 0
      ? record(outputs.map(({ name, type }) => ({ key: name, type: types.of(type) })))
      : types.of(returns);
  const text = print(one, 4);
  const members: Member[] = [
    {
      key: "Args",
      type:
        args.length > 0 ? args.map((arg) => argument(arg, types)) : "Record<PropertyKey, never>",
    },
    { key: "Returns", type: set ? `${text.includes(" | ") ? `(${text})` : text}[]` : text },
  ];
  if (relation) {
    members.push({
      key: "SetofOptions",
      type: [
        { key: "from", type: '"*"' },
        { key: "to", type: quote(relation) },
        { key: "isOneToOne", type: String(!set) },
        { key: "isSetofReturn", type: String(set) },
      ],
    });
  }
  return members;
}

function argument({ name, type, optional, nullable }: Argument, types: TypeNames): Member {
  return { key: name, optional, type: types.of(type) + (nullable ? " | null" : "") };
}

/** Names a PostgreSQL type in TypeScript. */
class TypeNames {
  readonly #types: Map<number, Type>;
  readonly #relations: Map<string, Relation["kind"]>;

  constructor(schema: Schema) {
    this.#types = new Map(schema.types.map((type) => [type.oid, type]));
    this.#relations = new Map(schema.relations.map(({ name, kind }) => [name, kind]));
  }

  of(oid: number): string {
    const type = this.#types.get(oid);
    if (!type) return "unknown";
    if (type.array) {
      const element = this.of(type.of);
      return element.includes(" | ") ? `(${element})[]` : `${element}[]`;
    }
    if (type.kind === "domain") return this.of(type.of);
    if (type.kind === "enum") return `Database["public"]["Enums"][${quote(type.name)}]`;
    const relation = this.relationOf(oid);
    if (relation) {
      const group = this.#relations.get(relation) === "view" ? "Views" : "Tables";
      return `Database["public"]["${group}"][${quote(relation)}]["Row"]`;
    }
    return scalars[type.name] ?? (type.kind === "composite" ? "unknown" : "string");
  }

  /** The table or view whose rows a composite type holds. */
  relationOf(oid: number): string | undefined {
    const type = this.#types.get(oid);
    const isRow = type?.kind === "composite" && type.schema === "public";
    return isRow && this.#relations.has(type.name) ? type.name : undefined;
  }
}

function record(members: Member[]): Shape {
  return members.length > 0 ? members : "Record<never, never>";
}

function literals(labels: string[]): string {
  return labels.map(quote).join(" | ");
}

function union(options: string[]): string {
  return options.join(" | ");
}

function tuple(names: string[]): string {
  return `[${names.map(quote).join(", ")}]`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}

function print(shape: Shape, depth: number): string {
  if (typeof shape === "string") return shape;
  const lines = shape.map(({ key, optional, type }) => {
    const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
    return `${indent(depth + 1)}${name}${optional ? "?" : ""}: ${print(type, depth + 1)};\n`;
  });
  return `{\n${lines.join("")}${indent(depth)}}`;
}
