import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { download } from "../download.ts";
import { ownerSettings } from "../owner-key.ts";

const backupNotes = `
Everything that the dashboard keeps, while it goes on running: runs, accounts, keys, checkpoints. Works on the
machine where the dashboard was started, or with SIGNALBOX_URL and an owner's key of scope admin in
SIGNALBOX_API_KEY. The file holds secrets, and only you can read it. With your own Supabase, use pg_dump.

Examples:
  signalbox backup signalbox.tar.gz`;

const restoreNotes = `
Runs in the folder of the dashboard, which must be stopped, and restores into its data folder
(SIGNALBOX_DATA_DIR). The backup is checked before anything is changed. What was stored after it is lost.

Examples:
  signalbox restore signalbox.tar.gz
  signalbox restore signalbox.tar.gz --replace --dashboard ~/signalbox`;

/** Saves and restores everything that a dashboard keeps. */
export function addBackupCommands(program: Command, cli: CliContext): void {
  program
    .command("backup")
    .description("save everything that the dashboard keeps to a file")
    .argument("<file>", "a new file, such as signalbox.tar.gz")
    .addHelpText("after", backupNotes)
    .action((file: string) => backUp(cli, file));
  program
    .command("restore")
    .description("restore a backup into the data folder of a stopped dashboard")
    .argument("<file>", "a file that backup has made")
    .option("--replace", "put data that is there aside")
    .option(
      "--dashboard <folder>",
      "the dashboard's folder (default: the current one or one above it)",
    )
    .addHelpText("after", restoreNotes)
    .action((file: string, options: { replace?: true; dashboard?: string }) =>
      restore(cli, file, options),
    );
}

async function backUp(cli: CliContext, name: string): Promise<void> {
  const { environment } = cli.io;
  const file = resolve(environment.cwd, name);
  if (existsSync(file)) cli.fail(`${name} exists. Choose a new name.`);
  const { baseUrl, apiKey = null } = ownerSettings(cli);
  const key = apiKey ?? environment.env.SIGNALBOX_API_KEY;
  if (!key) {
    cli.fail(
      "A backup needs the owner's key. Run it on the machine where the dashboard was started, or set SIGNALBOX_URL and SIGNALBOX_API_KEY.",
    );
  }
  const url = `${baseUrl}/api/settings/backup`;
  const bytes = await download({ url, apiKey: key, file, signal: cli.signal });
  cli.print(`${name}  ${(bytes / 1e6).toFixed(1)} MB`);
}

async function restore(
  cli: CliContext,
  name: string,
  { replace, dashboard }: { replace?: true; dashboard?: string },
): Promise<void> {
  const { cwd, env } = cli.io.environment;
  const file = resolve(cwd, name);
  if (!existsSync(file)) cli.fail(`File not found: ${name}.`);
  const folder = dashboard === undefined ? dashboardAbove(cwd) : resolve(cwd, dashboard);
  if (folder === null || !isDashboard(folder)) {
    cli.fail(
      "No dashboard was found here. Run this in its folder, or name the folder with --dashboard.",
    );
  }
  const words = ["scripts/run.mjs", "scripts/restore.ts", file, ...(replace ? ["--replace"] : [])];
  const child = spawn("node", words, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  cli.exitCode = code ?? 128 + constants.signals[signal ?? "SIGTERM"];
}

function dashboardAbove(folder: string): string | null {
  if (isDashboard(folder)) return folder;
  return dirname(folder) === folder ? null : dashboardAbove(dirname(folder));
}

function isDashboard(folder: string): boolean {
  try {
    const about: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return isJsonObject(about) && about.name === "signalbox-dashboard";
  } catch {
    return false;
  }
}
