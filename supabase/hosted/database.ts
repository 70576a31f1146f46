import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { openPostgres } from "../local/database/postgres.ts";
import { type Cluster, startCluster } from "../local/postgres-cluster.ts";
import { createAuthSchema } from "./services.ts";

/** A throw-away PostgreSQL in the shape of a hosted project's; roles connect by its Unix socket. */
export type HostedDatabase = Cluster & {
  /** For tools: connects as `postgres` over TCP. */
  url: string;
};

const shape = join(import.meta.dirname, "database.sql");

/** Starts PostgreSQL 17 with the roles, time-outs and schemas of hosted Supabase, without any table of ours. */
export async function startHostedDatabase(): Promise<HostedDatabase> {
  const cluster = await startCluster({
    superuser: "supabase_admin",
    locale: ["--no-locale", "--locale-provider=icu", "--icu-locale=en_US.UTF-8"],
    settings: ["wal_level=logical", "statement_timeout=2min"],
    tcpPort: await freePort(),
  });
  const password = randomBytes(16).toString("hex");
  const admin = openPostgres({ ...cluster, user: "supabase_admin" });
  try {
    const sql = await readFile(shape, "utf8");
    await admin.transaction((tx) => tx.script(sql));
    await createAuthSchema(admin);
    await admin.query(`alter role postgres password '${password}'`);
  } finally {
    await admin.close();
  }
  const url = `postgresql://postgres:${password}@127.0.0.1:${cluster.port}/postgres`;
  return { ...cluster, url };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || !address) throw new Error("No free port was found.");
  return address.port;
}
