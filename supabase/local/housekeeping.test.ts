import { expect, it } from "vitest";
import { openPglite } from "./database/pglite.ts";
import { vacuumOne } from "./housekeeping.ts";

it("vacuums a table that is updated over and over, so that it stops growing", async () => {
  const database = await openPglite();
  const size = async () => {
    const [row] = await database.query<{ size: number }>(
      "select pg_relation_size('rollups')::int as size",
    );
    return row?.size ?? 0;
  };
  await database.query("create table rollups (id int primary key, n int, pad text)");
  await database.query(
    "insert into rollups select g, 0, repeat('x', 100) from generate_series(1, 500) g",
  );
  for (let round = 0; round < 10; round += 1) await database.query("update rollups set n = n + 1");
  expect(await vacuumOne(database)).toBe("public.rollups");
  const before = await size();
  for (let round = 0; round < 8; round += 1) await database.query("update rollups set n = n + 1");
  expect(await vacuumOne(database)).toBe("public.rollups");
  expect(await size()).toBeLessThanOrEqual(before);
  expect(await vacuumOne(database)).toBeUndefined();
  await database.close();
});

it("goes on with other tables after one that cannot be vacuumed", async () => {
  const database = await openPglite();
  await database.transaction((tx) =>
    tx.script(`
      create function broken(n int) returns int immutable language plpgsql
        as $$ begin if current_setting('test.broken', true) = 'yes' then raise 'broken'; end if; return n; end $$;
      create table damaged (n int);
      create statistics on (broken(n)), n from damaged;
      create table sound (n int);
      insert into damaged select generate_series(1, 5000);
      insert into sound select generate_series(1, 2000);
    `),
  );
  await database.query("set test.broken = 'yes'");
  const failed = new Set<string>();
  await expect(vacuumOne(database, failed)).rejects.toThrow("broken");
  expect(await vacuumOne(database, failed)).toBe("public.sound");
  expect(await vacuumOne(database, failed)).toBeUndefined();
  await expect(vacuumOne(database, failed)).rejects.toThrow("broken");
  await database.close();
});
