import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { diskLevel, freeBytes, freeBytesNow, megabyte } from "./free-space.ts";

it("calls a disk low well before it is full", () => {
  const levels = [1001, 1000, 999, 200, 199, 0].map((free) => diskLevel(free, 200));
  expect(levels).toEqual(["ok", "ok", "low", "low", "full", "full"]);
});

it("tells the bytes that are free where a folder is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  const now = freeBytesNow(folder);
  expect(now).toBeGreaterThan(0);
  expect(Math.abs((await freeBytes(folder)) - now)).toBeLessThan(1024 * megabyte);
  await rm(folder, { recursive: true });
});

it("throws for a folder that does not exist", async () => {
  await expect(freeBytes("/none/of/the/kind")).rejects.toThrow("ENOENT");
});
