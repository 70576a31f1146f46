import { describe, expect, it } from "vitest";
import { checkMigrations, newMigrations } from "./migration-lock.ts";

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

  it("must not be preceded by a new one", () => {
    expect(checkMigrations(lock, { ...lock, "01_b.sql": "hash" })).toEqual([
      "01_b.sql sorts before 02_b.sql, which has landed.",
    ]);
  });
});
