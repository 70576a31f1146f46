import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { parseItems, type SpoolItem, SpoolWriter } from "./spool.ts";

const writeSync = vi.hoisted(() => ({ limit: Number.POSITIVE_INFINITY }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    // A disk that fills up takes the beginning of a line.
    writeSync: (file: number, bytes: Buffer) =>
      fs.writeSync(file, bytes, 0, Math.min(bytes.length, writeSync.limit)),
  };
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-spool-"));
});
afterEach(() => {
  writeSync.limit = Number.POSITIVE_INFINITY;
  rmSync(folder, { recursive: true });
});

it("loses only the report that a full disk cut, not the next one with it", () => {
  const path = join(folder, "000001.jsonl");
  const spool = new SpoolWriter(path);
  const line = (text: string): SpoolItem => ({ t: "log", stream: "stdout", text, ts: 1 });
  spool.append(line("first"));
  writeSync.limit = 10;
  expect(() => spool.append(line("cut"))).toThrow("ENOSPC");
  writeSync.limit = Number.POSITIVE_INFINITY;
  spool.append(line("next"));
  spool.close();
  expect(parseItems(readFileSync(path, "utf8"))).toEqual([line("first"), line("next")]);
});
