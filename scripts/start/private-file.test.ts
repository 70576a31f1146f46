import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makePrivateFolder } from "./private-file.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "signalbox-test-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it("makes a folder that nobody else can open", async () => {
  await makePrivateFolder(join(root, "a/b"));
  expect((await stat(join(root, "a/b"))).mode & 0o777).toBe(0o700);
});

it("says what to do where a data folder cannot be written to", async () => {
  await writeFile(join(root, "file"), "");
  await expect(makePrivateFolder(join(root, "file/data"))).rejects.toThrow(
    /^Cannot write to the data folder .*file\/data \(ENOTDIR.*\)\. Make it writable, or set SIGNALBOX_DATA_DIR to another folder\.$/,
  );
});
