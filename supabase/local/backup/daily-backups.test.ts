import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeDailyBackup } from "./daily-backups.ts";

let folder: string;
const backUp = (file: string) => writeFile(file, "a backup");
const onDay = (day: number, hour = 4) => new Date(Date.UTC(2026, 0, day, hour));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("makes one a day, and deletes those that the rule no longer keeps and nothing else", async () => {
  await writeFile(join(folder, "mine.tar.gz"), "kept");
  const plan = { folder, daily: 2, weekly: 0 };
  for (const day of [1, 2, 3]) {
    await makeDailyBackup(plan, backUp, onDay(day));
    await makeDailyBackup(plan, backUp, onDay(day, 9));
  }
  expect((await readdir(folder)).sort()).toEqual([
    "mine.tar.gz",
    "signalbox-2026-01-02T04-00-00Z.tar.gz",
    "signalbox-2026-01-03T04-00-00Z.tar.gz",
  ]);
});

it("keeps the old ones while none can be made", async () => {
  const plan = { folder, daily: 1, weekly: 0 };
  await makeDailyBackup(plan, backUp, onDay(1));
  const full = () => Promise.reject(new Error("There is too little room."));
  await expect(makeDailyBackup(plan, full, onDay(2))).rejects.toThrow("too little room");
  expect(await readdir(folder)).toEqual(["signalbox-2026-01-01T04-00-00Z.tar.gz"]);
});
