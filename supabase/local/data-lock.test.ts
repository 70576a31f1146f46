import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDataFolder } from "./data-lock.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const module = join(import.meta.dirname, "data-lock.ts");
const script = (then: string) =>
  `const { lockDataFolder } = await import(${JSON.stringify(module)});
   lockDataFolder(${JSON.stringify(folder)}); ${then}`;

describe("the lock on a data folder", () => {
  it("is held by one process at a time", () => {
    const unlock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow("is in use by another Signalbox");
    unlock();
    unlock();
    lockDataFolder(folder)();
  });

  it("blocks another process", async () => {
    const unlock = lockDataFolder(folder);
    const other = promisify(execFile)(process.execPath, ["-e", script("")]);
    await expect(other).rejects.toThrow("is in use by another Signalbox");
    unlock();
  });

  it("is released when its process is killed", async () => {
    const holder = spawn(process.execPath, [
      "-e",
      script("console.log('held'); setInterval(() => 0, 1000)"),
    ]);
    await once(holder.stdout, "data");
    expect(() => lockDataFolder(folder)).toThrow("is in use");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    lockDataFolder(folder)();
  });
});
