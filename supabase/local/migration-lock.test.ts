import { describe, expect, it } from "vitest";
import { blanketPrivileges, checkMigrations, newMigrations } from "./migration-lock.ts";

const lock = { "01_a.sql": "hash a", "02_b.sql": "hash b" };

describe("landed migrations", () => {
  it("may be followed by new ones", () => {
    const files = { ...lock, "03_c.sql": "hash c" };
    expect(checkMigrations(lock, files)).toEqual([]);
    expect(newMigrations(lock, files)).toEqual(["03_c.sql"]);
    expect(newMigrations(lock, lock)).toEqual([]);
  });

  it("must not be changed", () => {
    expect(checkMigrations(lock, { ...lock, "01_a.sql": "another" })).toEqual([
      "01_a.sql was changed.",
    ]);
  });

  it("must not be removed or renamed", () => {
    expect(checkMigrations(lock, { "01_a.sql": "hash a", "02_renamed.sql": "hash b" })).toEqual([
      "02_b.sql was removed.",
    ]);
  });

  it("may name the objects of public whose privileges they change, but not mean all of them", () => {
    const later = "20270101000000_later.sql";
    const named = `grant execute on function public.get_job(uuid, text) to service_role; -- on all functions in schema public
      revoke execute on all functions in schema signalbox from public;`;
    expect(blanketPrivileges({ [later]: named })).toEqual([]);
    const blanket = "revoke execute on all functions\n  in schema public, signalbox from anon;";
    expect(blanketPrivileges({ [later]: `select 1; ${blanket}` })).toEqual([
      `${later}: revoke execute on all functions in schema public, signalbox from anon`,
    ]);
    const tables = "grant select on all TABLES in schema signalbox, public to anon";
    expect(blanketPrivileges({ [later]: tables })).toHaveLength(1);
    const defaults = "alter default privileges in schema public grant all on tables to anon";
    expect(blanketPrivileges({ [later]: defaults })).toHaveLength(1);
    expect(blanketPrivileges({ "20261120000018_function_privileges.sql": blanket })).toEqual([]);
  });

  it("must not be preceded by a new one", () => {
    expect(checkMigrations(lock, { ...lock, "01_b.sql": "hash" })).toEqual([
      "01_b.sql sorts before 02_b.sql, which has landed.",
    ]);
  });
});
