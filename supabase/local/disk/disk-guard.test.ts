import { existsSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { megabyte } from "../../../lib/disk/free-space.ts";
import { DiskGuard } from "./disk-guard.ts";
import { reserveBytes } from "./disk-reserve.ts";

describe("the guard of the database's disk", () => {
  let folder: string;
  let file: string;
  /** What would be free without the reserve. */
  let room: number;
  let lines: string[];
  let guard: DiskGuard;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
    file = join(folder, "disk-reserve");
    room = 1000 * megabyte;
    lines = [];
    guard = new DiskGuard({
      dataDir: folder,
      minFreeBytes: 200 * megabyte,
      log: (line) => lines.push(line),
      free: () => room - (existsSync(file) ? reserveBytes : 0),
    });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("takes a reserve where there is enough for it and for the rows to come", () => {
    room = 200 * megabyte + reserveBytes - 1;
    guard.replenish();
    expect(existsSync(file)).toBe(false);
    room += 1;
    guard.replenish();
    expect(statSync(file).size).toBe(reserveBytes);
    expect(statSync(file).blocks * 512).toBeGreaterThanOrEqual(reserveBytes);
  });

  it("gives up the reserve first, then lets the database only read, and write again with room", () => {
    guard.replenish();
    room = 100 * megabyte;
    expect(guard.check()).toBe(true);
    expect(existsSync(file)).toBe(false);
    room = 47 * megabyte;
    expect(guard.check()).toBe(false);
    room = 50 * megabyte;
    expect(guard.check()).toBe(false);
    room = 65 * megabyte;
    expect(guard.check()).toBe(true);
    expect(lines).toEqual([
      "The disk is full (36 MB left). The reserve was given up for the database.",
      "The disk is full (47 MB left). The database only reads until there is room.",
      "The disk has room again (65 MB). The database writes again.",
    ]);
  });

  it("opens the database with the reserve's room, and says what is missing without", () => {
    guard.replenish();
    room = 100 * megabyte;
    guard.requireRoom();
    expect(existsSync(file)).toBe(false);
    room = 10 * megabyte;
    expect(() => guard.requireRoom()).toThrow(
      `The disk with the data folder ${folder} is full: 10 MB left, and the database needs 48 MB to open. Make room, or set SIGNALBOX_DATA_DIR to a folder on another disk.`,
    );
  });
});
