import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { makePrivateFolder } from "./private-file.ts";
import { outliveOutput, say } from "./say.ts";
import { readSettings } from "./settings.ts";
import { Signalbox } from "./signalbox.ts";

/** `npm start`: runs the whole dashboard in one terminal. `--dev` serves from the sources. */
async function main(): Promise<void> {
  outliveOutput();
  const root = resolve(import.meta.dirname, "../..");
  const envFile = resolve(root, ".env");
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  const settings = readSettings(process.env);
  const dataDir = resolve(root, settings.SIGNALBOX_DATA_DIR);
  await makePrivateFolder(dataDir);

  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await signalbox.stop();
    process.exit(code);
  };
  const signalbox = new Signalbox(root, dataDir, settings, {
    dev: process.argv.includes("--dev"),
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      say("\nStopping … (press Ctrl-C again to force)");
      void stop(0);
    });
  }
  try {
    await signalbox.start();
  } catch (error) {
    if (stopping) return;
    console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

void main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
