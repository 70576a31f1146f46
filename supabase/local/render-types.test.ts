import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "./database/database.ts";
import { openPostgres } from "./database/postgres.ts";
import { describeSchema } from "./describe-schema.ts";
import { type Cluster, startCluster } from "./postgres-cluster.ts";
import { renderTypes } from "./render-types.ts";

describe("the generated types", () => {
  let cluster: Cluster;
  let database: Database;
  let text: string;

  beforeAll(async () => {
    cluster = await startCluster();
    database = openPostgres(cluster.folder);
    await database.transaction((tx) =>
      tx.script(`
        create type mood as enum ('fine', 'odd "one"');
        create table owner (id uuid primary key, name text);
        create table thing (
          id bigint generated always as identity primary key,
          owner_id uuid not null unique references owner,
          tags text[] not null default '{}',
          doc jsonb,
          mood mood not null default 'fine',
          twice int generated always as (1 + 1) stored
        );
        create view things_seen as select id, mood from thing;
        create function things(p_owner uuid, p_limit int default 10, p_mood mood default null)
          returns setof thing language sql as 'select * from thing';
        create function totals(p_owner uuid) returns table (n bigint, moods mood[])
          language sql as 'select 1::bigint, null::mood[]';
        create function nothing() returns void language sql as '';
        create function on_change() returns trigger language plpgsql as 'begin return new; end';
      `),
    );
    text = renderTypes(await describeSchema(database.query));
  });

  afterAll(async () => {
    await database.close();
    await cluster.stop();
  });

  /** The text between the braces that follow `name:`. */
  const partOf = (name: string) => {
    const start = text.indexOf(` ${name}: {`);
    const indent = text.slice(text.lastIndexOf("\n", start), start + 1);
    return text
      .slice(start, text.indexOf(`${indent}};`, start))
      .replaceAll(/\s+/g, " ")
      .trim();
  };

  it("describe rows, with optional and read-only columns", () => {
    const thing = partOf("thing");
    expect(thing).toContain(
      'Row: { doc: Json | null; id: number; mood: Database["public"]["Enums"]["mood"]; owner_id: string; tags: string[]; twice: number | null; };',
    );
    expect(thing).toContain(
      'Insert: { doc?: Json | null; id?: never; mood?: Database["public"]["Enums"]["mood"]; owner_id: string; tags?: string[]; twice?: never; };',
    );
    expect(thing).toContain(
      'foreignKeyName: "thing_owner_id_fkey"; columns: ["owner_id"]; isOneToOne: true; referencedRelation: "owner"; referencedColumns: ["id"];',
    );
    expect(partOf("things_seen")).not.toContain("Insert");
  });

  it("describe a function's arguments and results", () => {
    expect(partOf("things")).toContain(
      'Args: { p_limit?: number; p_mood?: Database["public"]["Enums"]["mood"] | null; p_owner: string; }; Returns: Database["public"]["Tables"]["thing"]["Row"][];',
    );
    expect(partOf("totals")).toContain(
      'Returns: { moods: Database["public"]["Enums"]["mood"][]; n: number; }[];',
    );
    expect(partOf("nothing")).toContain("Args: Record<PropertyKey, never>; Returns: undefined;");
    expect(text).not.toContain("on_change");
  });

  it("quote names that are not identifiers", () => {
    expect(text).toContain('mood: "fine" | "odd \\"one\\"";');
  });

  it("are the same every time", async () => {
    expect(renderTypes(await describeSchema(database.query))).toBe(text);
  });
});
