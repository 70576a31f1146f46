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
