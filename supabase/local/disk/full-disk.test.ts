import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { mountSmallDisk } from "../../../lib/disk/testing/small-disk.ts";
import { loadSecrets } from "../keys.ts";
import { startEmbeddedSupabase } from "../start.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const disk = mountSmallDisk(360);
const folder = join(disk?.folder ?? "", "data");
const children: ChildProcess[] = [];

/** Starts the process as `npm start` does; resolves when it listens. */
async function start(): Promise<{ child: ChildProcess; service: SupabaseClient }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../main.ts")], {
    env: { ...process.env, SIGNALBOX_DATA_DIR: folder, SIGNALBOX_MIN_FREE_MB: "64" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let errors = "";
  child.stderr?.on("data", (chunk) => {
    errors += chunk;
  });
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout ?? process.stdin }).on("line", (line) => {
      const message = JSON.parse(line) as { event: string; url?: string };
      if (message.event === "listening" && message.url) resolve(message.url);
    });
    child.once("exit", (code) => reject(new Error(`${code}: ${errors}`)));
  });
  const { secretKey } = await loadSecrets(folder);
  return {
    child,
    service: createClient(await url, secretKey, { auth: { persistSession: false } }),
  };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Rows of a kilobyte each, which cannot be compressed; the index takes as much again. */
const rowsOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ n: from + i, pad: randomBytes(500).toString("hex") }));

async function count(service: SupabaseClient): Promise<number | null> {
  const { count } = await service.from("rows").select("*", { count: "exact", head: true });
  return count;
}

describe.skipIf(!disk)("the embedded database on a full disk", () => {
  beforeAll(async () => {
    const supabase = await startEmbeddedSupabase({ dataDir: folder, port: 0 });
    await supabase.sql("create table rows (n int primary key, pad text)");
    await supabase.sql("create index on rows (pad)");
    await supabase.sql("grant all on rows to service_role");
    await supabase.close();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    disk?.clear();
  });
  afterAll(() => disk?.unmount());

  it("only reads while it is full, keeps what it acknowledged, and writes again by itself", async () => {
    const { service } = await start();
    disk?.fill(60);
    let stored = 0;
    let refusal = null;
    while (!refusal && stored < 100_000) {
      const { error } = await service.from("rows").insert(rowsOf(stored, 500));
      refusal = error;
      if (!error) stored += 500;
    }
    expect(refusal).toMatchObject({ code: "25006" });
    expect(stored).toBeGreaterThan(0);
    expect(await count(service)).toBe(stored);
    expect(existsSync(join(folder, "disk-reserve"))).toBe(false);

    disk?.clear();
    await expect
      .poll(async () => (await service.from("rows").insert(rowsOf(stored, 1))).error)
      .toBeNull();
    expect(await count(service)).toBe(stored + 1);
    expect((await service.from("rows").delete().gte("n", 0)).error).toBeNull();
  });

  it("opens with its reserve after it was killed on a full disk, and has what it acknowledged", async () => {
    const { child, service } = await start();
    await expect.poll(() => existsSync(join(folder, "disk-reserve"))).toBe(true);
    expect((await service.from("rows").insert(rowsOf(0, 500))).error).toBeNull();
    disk?.fill(1);
    await kill(child);
    const second = await start();
    expect(existsSync(join(folder, "disk-reserve"))).toBe(false);
    expect(await count(second.service)).toBe(500);
    disk?.clear();
    expect((await second.service.from("rows").delete().gte("n", 0)).error).toBeNull();
  });

  it("has what it acknowledged after the room went in the middle of a transaction", async () => {
    // Too little for a reserve, and then for the next transaction.
    disk?.fill(120);
    const { child, service } = await start();
    expect((await service.from("rows").insert(rowsOf(0, 500))).error).toBeNull();
    disk?.fill(50);
    const ended = await Promise.race([
      service
        .from("rows")
        .insert(rowsOf(1000, 16_000))
        .then(({ error }) => (error ? "failed" : "stored")),
      new Promise<string>((resolve) => setTimeout(() => resolve("hangs"), 5_000)),
    ]);
    expect(ended).not.toBe("stored");
    await kill(child);
    disk?.clear();
    const second = await start();
    expect(await count(second.service)).toBe(500);
    expect((await second.service.from("rows").insert(rowsOf(500, 1))).error).toBeNull();
  });

  it("is not opened without room, and the process says how much is missing", async () => {
    await rm(join(folder, "disk-reserve"), { force: true });
    disk?.fill(1);
    await expect(start()).rejects.toThrow(
      /^1: The disk with the data folder .* is full: \d+ MB left, .*\n$/,
    );
  });
});
