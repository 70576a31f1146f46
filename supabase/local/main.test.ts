import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createClient } from "@supabase/supabase-js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { lockDataFolder } from "./data-lock.ts";
import { loadSecrets } from "./keys.ts";
import { startEmbeddedSupabase } from "./start.ts";

const main = join(import.meta.dirname, "main.ts");
// Every test starts PostgreSQL in one process or two, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const children: ChildProcess[] = [];
let used: string;
let folder: string;

// Making a database takes longer than opening one, so each test gets a copy of the first.
beforeAll(async () => {
  used = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  const supabase = await startEmbeddedSupabase({ dataDir: used, port: 0 });
  await supabase.sql("create table rows (n int primary key, pad text)");
  await supabase.sql("grant all on rows to service_role");
  await supabase.close();
});

afterAll(() => rm(used, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-test-"));
  await cp(used, folder, { recursive: true });
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** A checksum of every file, by its path. */
async function checksums(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const sums = files.sort().map(async (path) => [
    path,
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex"),
  ]);
  return Object.fromEntries(await Promise.all(sums));
}

/** Starts the process as `npm start` does. */
function run(port = 0) {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, SIGNALBOX_DATA_DIR: folder, SIGNALBOX_SUPABASE_PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  children.push(child);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error("no pipes");
  const exit = once(child, "exit").then(([code]) => code as number | null);
  let errorText = "";
  stderr.on("data", (chunk: Buffer) => {
    errorText += chunk.toString();
  });
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: stdout }).on("line", (line) => {
      const message = JSON.parse(line) as { event: string; url?: string };
      if (message.event === "listening" && message.url) resolve(message.url);
    });
    exit.then(() => reject(new Error(errorText)));
  });
  url.catch(() => undefined);
  return { child, url, exit, errorText: () => errorText };
}

async function serviceOf(url: string) {
  const { secretKey } = await loadSecrets(folder);
  return createClient(url, secretKey, { auth: { persistSession: false } });
}

describe("the embedded Supabase's process", () => {
  it("leaves nothing that other people can read, whoever made the folder", async () => {
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await chmod(folder, 0o755);
    await run().url;
    const names = await readdir(folder, { recursive: true });
    expect(names).toContain(join("database", "PG_VERSION"));
    for (const path of [folder, ...names.map((name) => join(folder, name))]) {
      // A socket or temporary file may have gone meanwhile.
      const found = await stat(path).catch(() => null);
      expect([path, (found?.mode ?? 0) & 0o077]).toEqual([path, 0]);
    }
  });

  it("loses no acknowledged row when it is killed in the middle of inserts", async () => {
    const first = run();
    const service = await serviceOf(await first.url);
    let acknowledged = 0;
    for (let n = 1; ; n += 1) {
      if (n === 60) first.child.kill("SIGKILL");
      const { error } = await service.from("rows").insert({ n, pad: "x".repeat(2000) });
      if (error) break;
      acknowledged = n;
    }
    expect(acknowledged).toBeGreaterThanOrEqual(50);

    const second = await startEmbeddedSupabase({ dataDir: folder, port: 0 });
    const [kept] = await second.sql<{ rows: number; last: number }>(
      "select count(*)::int as rows, max(n) as last from rows",
    );
    await second.close();
    expect(kept?.rows).toBe(kept?.last);
    expect(kept?.last).toBeGreaterThanOrEqual(acknowledged);
  });

  it("stops within two seconds when told to, open sockets included, and keeps data and keys", async () => {
    const first = run();
    const url = await first.url;
    const keys = await loadSecrets(folder);
    const signup = await createClient(url, keys.publishableKey).auth.signUp({
      email: "stays@example.com",
      password: "correct horse",
    });
    expect(signup.error).toBeNull();
    const service = await serviceOf(url);
    await new Promise((resolve) => service.channel("job:x").subscribe(resolve));
    const start = performance.now();
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    expect(performance.now() - start).toBeLessThan(2_000);
    await service.removeAllChannels();

    const second = await startEmbeddedSupabase({ dataDir: folder, port: 0 });
    expect(second.secretKey).toBe(keys.secretKey);
    expect(await second.sql("select email from auth.users")).toEqual([
      { email: "stays@example.com" },
    ]);
    await second.close();
  });

  it("stops when its parent process is gone", async () => {
    const orphan = run();
    await orphan.url;
    orphan.child.disconnect();
    expect(await orphan.exit).toBe(0);
  });

  it("rejects a data folder that another process uses, with one message", async () => {
    const unlock = lockDataFolder(folder);
    const second = run();
    expect(await second.exit).toBe(1);
    expect(second.errorText().trim().split("\n")).toEqual([
      `The data folder ${folder} is in use by another Signalbox. Stop that one, or set SIGNALBOX_DATA_DIR to another folder.`,
    ]);
    unlock();
  });

  it("names a port that is in use, and the setting that changes it", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const process = run(port);
    expect(await process.exit).toBe(1);
    expect(process.errorText().trim()).toBe(
      `Port ${port} is already in use. Set SIGNALBOX_SUPABASE_PORT to another port, or to 0 for any free port.`,
    );
    server.close();
  });

  it.each(["newer", "edited"])(
    "leaves a folder with %s migrations as it was, and says why",
    async (kind) => {
      const path = join(folder, "schema.json");
      const schema = JSON.parse(await readFile(path, "utf8")) as Record<string, string>;
      if (kind === "newer") schema["29990101000000"] = "0";
      else schema[Object.keys(schema)[0] ?? ""] = "0";
      await writeFile(path, JSON.stringify(schema));
      const before = await checksums(folder);
      const process = run();
      expect(await process.exit).toBe(1);
      expect(process.errorText()).toMatch(
        /^(The database was last used by a newer|The migration .* was changed) .*\n$/,
      );
      expect(await checksums(folder)).toEqual(before);
    },
  );

  it("refuses a newer database without the file that tells, its rows untouched", async () => {
    const supabase = await startEmbeddedSupabase({ dataDir: folder, port: 0 });
    await supabase.sql(
      "insert into supabase_migrations.schema_migrations values ('29990101000000', '{x}', 'later')",
    );
    await supabase.close();
    await rm(join(folder, "schema.json"));
    const process = run();
    expect(await process.exit).toBe(1);
    expect(process.errorText()).toMatch(/^The database was last used by a newer .*\n$/);
  });

  it("names a corrupt file", async () => {
    await writeFile(join(folder, "supabase.json"), "{");
    const keys = run();
    expect(await keys.exit).toBe(1);
    expect(keys.errorText()).toMatch(/^The key file .*supabase\.json is corrupt\. .*\n$/);
  });

  it("reports a database that cannot be opened", async () => {
    await writeFile(join(folder, "database/global/pg_control"), "damaged");
    const process = run();
    expect(await process.exit).toBe(1);
    expect(process.errorText()).toMatch(/^The database in .* could not be opened \(.*\)\. .*\n$/);
  });

  it("protects its keys from other users of the machine", async () => {
    expect((await stat(join(folder, "supabase.json"))).mode & 0o777).toBe(0o600);
  });
});
