import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { unpackArchive } from "../../supabase/local/backup/archive.ts";
import { restoreBackup } from "../../supabase/local/backup/restore-backup.ts";
import { startApi } from "../api/kit.ts";
import { readEverything } from "./readable.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "signalbox-test-"));
});
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

/** The SHA-256 of every reply, as if runs had no generation; and their generations. */
async function readFolder(dataDir: string, backupTo?: string) {
  const owner = await readFile(join(dataDir, "owner.json"), "utf8");
  const { admin_key: key } = JSON.parse(owner) as { admin_key: string };
  const api = await startApi({ dataDir });
  try {
    const everything = await readEverything(
      async (path) => (await api.call("GET", path, { key })).body,
    );
    const found = await api.supabase.sql<{ generation: string }>("select generation from jobs");
    const generations = found.map(({ generation }) => generation);
    const sums = Object.entries(everything).map(([path, reply]) => {
      // Cursors and ids of rows have them, too.
      const text = JSON.stringify(reply).replaceAll(new RegExp(generations.join("|"), "g"), "…");
      return [path, createHash("sha256").update(text).digest("hex")];
    });
    if (backupTo) await api.supabase.backUp(backupTo);
    return { sums: Object.fromEntries(sums) as Record<string, string>, generations };
  } finally {
    await api.close();
  }
}

it("restores everything that can be read over the API, with every run in a new generation", async () => {
  const folders = await readdir(import.meta.dirname);
  const newest =
    folders
      .filter((name) => name.endsWith(".tar.zst"))
      .sort()
      .at(-1) ?? "";
  await unpackArchive(join(import.meta.dirname, newest), join(root, "used"));
  const backup = join(root, "backup.tar.gz");
  const before = await readFolder(join(root, "used"), backup);
  await restoreBackup(join(root, "restored"), backup, { replace: false });
  const after = await readFolder(join(root, "restored"));
  expect(Object.keys(before.sums).length).toBeGreaterThan(80);
  expect(after.sums).toEqual(before.sums);
  for (const generation of after.generations) {
    expect(before.generations).not.toContain(generation);
  }
  // What is no reply: checkpoints and journals, byte for byte.
  for (const part of ["backend/jobs", "runs"]) {
    const [was, is] = [join(root, "used", part), join(root, "restored", part)];
    const entries = await readdir(was, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name).slice(was.length);
      expect([path, await readFile(is + path)]).toEqual([path, await readFile(was + path)]);
    }
  }
}, 240_000);
