import { resolve } from "node:path";
import { z } from "zod";
import { type EmbeddedSupabase, startEmbeddedSupabase } from "./start.ts";
import { StartError } from "./start-error.ts";

const settingsSchema = z.object({
  SIGNALBOX_DATA_DIR: z.string().min(1).default(".signalbox"),
  SIGNALBOX_SUPABASE_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
});

const stopWithinMs = 1_900;

await run();

async function run(): Promise<void> {
  const settings = settingsSchema.safeParse(process.env);
  if (!settings.success) return fail(z.prettifyError(settings.error));
  const { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_SUPABASE_PORT: port } = settings.data;
  const starting = startEmbeddedSupabase({
    dataDir: resolve(dataDir),
    port,
    log: (text) => say({ event: "progress", text }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => stop(starting));
  }
  try {
    const { url } = await starting;
    say({ event: "listening", url });
  } catch (error) {
    fail(error instanceof StartError ? error.message : String(error));
  }
}

async function stop(starting: Promise<EmbeddedSupabase>): Promise<void> {
  // Whatever was acknowledged is in the write-ahead log, so leaving in a hurry loses nothing.
  setTimeout(() => process.exit(0), stopWithinMs).unref();
  await starting.then((supabase) => supabase.close()).catch(() => undefined);
  process.exit(0);
}

function say(line: Record<string, string>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function fail(text: string): void {
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
  process.exit();
}
