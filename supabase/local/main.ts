import { resolve } from "node:path";
import bcrypt from "bcryptjs";
import { z } from "zod";
import { megabyte } from "../../lib/disk/free-space.ts";
import { DiskGuard } from "./disk/disk-guard.ts";
import { type EmbeddedSupabase, startEmbeddedSupabase } from "./start.ts";
import { StartError } from "./start-error.ts";

const settingsSchema = z.object({
  SIGNALBOX_DATA_DIR: z.string().min(1).default(".signalbox"),
  SIGNALBOX_SUPABASE_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Of a new folder; one that has the other is refused. */
  SIGNALBOX_DATABASE: z.enum(["pglite", "postgres"]).optional(),
  SIGNALBOX_DATABASE_SYNC: z.enum(["0", "1"]).default("0"),
  SIGNALBOX_BACKUP_DIR: z.string().min(1).optional(),
  SIGNALBOX_BACKUPS_DAILY: z.coerce.number().int().min(0).max(1000).default(7),
  SIGNALBOX_BACKUPS_WEEKLY: z.coerce.number().int().min(0).max(1000).default(4),
  SIGNALBOX_MIN_FREE_MB: z.coerce.number().min(64).default(200),
  /** `{"email", "password"}` of an account whose password was lost. */
  SIGNALBOX_NEW_PASSWORD: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.object({ email: z.string(), password: z.string() }))
    .optional(),
});

const stopWithinMs = 1_900;
const checkIntervalMs = 10_000;
const reserveIntervalMs = 30_000;
const stopping = new AbortController();

// The data folder's files are for this user only, whoever made the folder.
process.umask(0o077);
await run();

async function run(): Promise<void> {
  const settings = settingsSchema.safeParse(process.env);
  if (!settings.success) return fail(z.prettifyError(settings.error));
  const { SIGNALBOX_SUPABASE_PORT: port, SIGNALBOX_NEW_PASSWORD: newPassword } = settings.data;
  const { SIGNALBOX_BACKUP_DIR: folder } = settings.data;
  const dataDir = resolve(settings.data.SIGNALBOX_DATA_DIR);
  const minFreeBytes = settings.data.SIGNALBOX_MIN_FREE_MB * megabyte;
  const log = (text: string) => emit({ event: "progress", text });
  const guard = new DiskGuard({ dataDir, minFreeBytes, log });
  const starting = startEmbeddedSupabase({
    dataDir,
    guard,
    database: settings.data.SIGNALBOX_DATABASE,
    sync: settings.data.SIGNALBOX_DATABASE_SYNC === "1",
    backups: {
      daily: settings.data.SIGNALBOX_BACKUPS_DAILY,
      weekly: settings.data.SIGNALBOX_BACKUPS_WEEKLY,
      ...(folder !== undefined && { folder: resolve(folder) }),
    },
    port,
    log,
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop(starting));
  }
  // With an IPC channel, this process does not outlive its parent.
  process.once("disconnect", () => stop(starting));
  try {
    const supabase = await starting;
    if (newPassword) await setPassword(supabase, newPassword);
    emit({ event: "listening", url: supabase.url });
    monitor(supabase);
    guard.replenish();
    setInterval(() => guard.replenish(), reserveIntervalMs).unref();
  } catch (error) {
    fail(error instanceof StartError ? error.message : String(error));
  }
}

/** Changes nothing if there is no such account. */
async function setPassword(
  { sql }: EmbeddedSupabase,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const hash = await bcrypt.hash(password, 10);
  await sql("update auth.users set encrypted_password = $2 where email = $1", [email, hash]);
}

/** A trapped WebAssembly never responds again, but a new process can open the data. */
function monitor({ sql }: EmbeddedSupabase): void {
  setInterval(() => {
    sql("select 1").catch((error: unknown) => {
      if (!stopping.signal.aborted) fail(`The database has failed: ${String(error)}`);
    });
  }, checkIntervalMs).unref();
}

async function stop(starting: Promise<EmbeddedSupabase>): Promise<void> {
  stopping.abort();
  // Acknowledged writes are in the write-ahead log, so exiting early loses nothing.
  setTimeout(() => process.exit(0), stopWithinMs).unref();
  await starting.then((supabase) => supabase.close()).catch(() => undefined);
  process.exit(0);
}

function emit(line: Record<string, string>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
  process.exit();
}
