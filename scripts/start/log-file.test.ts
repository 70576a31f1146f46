import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LogFile } from "./log-file.ts";

describe("the log of a service", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "signalbox-log-"));
    path = join(folder, "web.log");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("starts a new file by size, and keeps the last ones", () => {
    const log = new LogFile(path, { maxBytes: 100, keep: 2 });
    for (let i = 0; i < 100; i++) log.write(`line ${String(i).padStart(4, "0")}`);
    expect(readdirSync(folder).sort()).toEqual(["web.log", "web.log.1", "web.log.2"]);
    const kept = ["web.log.2", "web.log.1", "web.log"].map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      expect(text.length).toBeLessThanOrEqual(100);
      return text;
    });
    const lines = kept.join("").trim().split("\n");
    expect(lines.at(-1)).toBe("line 0099");
    expect(lines).toEqual(lines.toSorted());
    expect(lines.length).toBeGreaterThanOrEqual(20);
  });

  it("goes on with the file of an earlier start", () => {
    new LogFile(path, { maxBytes: 20 }).write("0123456789");
    const log = new LogFile(path, { maxBytes: 20 });
    log.write("0123456789");
    expect(readFileSync(`${path}.1`, "utf8")).toBe("0123456789\n");
    expect(readFileSync(path, "utf8")).toBe("0123456789\n");
  });

  it("is readable by its owner alone", () => {
    new LogFile(path).write("secret");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("loses a line rather than the program where it cannot be written", () => {
    const log = new LogFile(join(folder, "none", "web.log"));
    expect(() => log.write("lost")).not.toThrow();
  });
});
