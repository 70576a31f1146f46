// `npm run data-folder`: keeps a data folder of this version for the tests of later ones.
import { spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress } from "node:zlib";
import { Dashboard, freePort } from "../../e2e/kit/dashboard.ts";
import { SignalboxClient } from "../../sdk/typescript/src/index.ts";
import { writeArchive } from "../../supabase/local/backup/archive.ts";
import { folderMembers } from "../../supabase/local/backup/folder-members.ts";
import { programVersion } from "../../supabase/local/backup/program-version.ts";
import { readEverything } from "../../tests/data-folders/readable.ts";
import { findPython } from "../test/python.ts";
import { fillDashboard } from "./fill.ts";

const root = resolve(import.meta.dirname, "../..");
const mostBytes = 5_000_000;
/** What every start makes anew, and what grows with each. */
const passing = /(^runtime\.json|\.lock|\.pid|^[^/]*\.log(\.\d+)?)$/;

const version = await programVersion();
const archive = join(root, "tests/data-folders", `${version}.tar.zst`);
const parent = await mkdtemp(join(tmpdir(), "signalbox-data-folder-"));
// A script beside it finds its credentials and keeps its journal there.
const dataDir = join(parent, ".signalbox");
const dashboard = new Dashboard(dataDir, await freePort(), {});
try {
  await dashboard.start();
  const client = new SignalboxClient({ baseUrl: dashboard.url, apiKey: await dashboard.apiKey() });
  await fillDashboard(client);
  const owner = JSON.parse(await readFile(join(dataDir, "owner.json"), "utf8")) as {
    admin_key: string;
  };
  const readable = await readEverything(async (path) => {
    const response = await fetch(`${dashboard.url}${path}`, {
      headers: { "X-API-Key": owner.admin_key },
    });
    if (response.status >= 500) throw new Error(`${path}: ${await response.text()}`);
    return response.json();
  });
  await dashboard.end("SIGTERM");
  trainUnsent();
  await writeFile(join(dataDir, "readable.json"), JSON.stringify(readable));
  await pack();
} finally {
  await dashboard.end("SIGTERM");
  await rm(parent, { recursive: true, force: true, maxRetries: 5 });
}

function trainUnsent(): void {
  const python = findPython();
  if (!python) throw new Error("A data folder with an unsent journal needs Python 3.9 or newer.");
  const { status } = spawnSync(python, [join(import.meta.dirname, "unsent.py")], {
    cwd: parent,
    env: { ...process.env, HOME: parent, PYTHONPATH: join(root, "sdk/python/src") },
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("unsent.py failed.");
}

async function pack(): Promise<void> {
  const members = folderMembers(dataDir, (path) => !passing.test(path));
  const about = { version, created_at: new Date().toISOString(), database: "pglite" } as const;
  // A wide window: PostgreSQL keeps three copies of its catalogue.
  const compressed = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: 15,
      [constants.ZSTD_c_windowLog]: 26,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    },
  });
  await pipeline(writeArchive(members, about), compressed, createWriteStream(archive));
  const { size } = await stat(archive);
  console.log(`${archive}: ${(size / 1e6).toFixed(1)} MB`);
  if (size > mostBytes) throw new Error("It is larger than 5 MB: keep less in it.");
}
