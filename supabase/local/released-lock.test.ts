import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { releasedLock } from "./released-lock.ts";

let folder: string;
let origin: string;

const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
    cwd: origin,
  });
const commit = (lock: Record<string, string>) => {
  writeFileSync(join(origin, "supabase/migrations.lock.json"), JSON.stringify(lock));
  git("add", ".");
  git("commit", "-qm", "change");
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-test-"));
  origin = join(folder, "origin");
  mkdirSync(join(origin, "supabase"), { recursive: true });
  git("init", "-q");
  commit({ a: "1" });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("finds the migrations of the newest release that the checkout builds on", async () => {
  git("tag", "v0.9.0");
  commit({ a: "1", b: "2" });
  git("tag", "v0.10.0");
  commit({ a: "1", b: "2", c: "3" });
  expect(await releasedLock(origin)).toEqual({ tag: "v0.10.0", lock: { a: "1", b: "2" } });
  git("checkout", "-q", "v0.9.0");
  expect(await releasedLock(origin)).toEqual({ tag: "v0.9.0", lock: { a: "1" } });
});

it("says why it compares with no release", async () => {
  expect(await releasedLock(origin)).toMatchObject({ reason: expect.stringContaining("no tag") });
  git("tag", "v0.9.0");
  commit({ a: "1", b: "2" });
  git("clone", "-q", "--depth", "1", `file://${origin}`, join(folder, "shallow"));
  expect(await releasedLock(join(folder, "shallow"))).toMatchObject({
    reason: expect.stringContaining("shallow clone"),
  });
  expect(await releasedLock(tmpdir())).toMatchObject({
    reason: expect.stringContaining("not a git repository"),
  });
});
