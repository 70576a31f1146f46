import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { prepareProject } from "../../supabase/hosted/prepare-project.ts";
import { type ProjectSettings, projectSettings } from "../../supabase/hosted/project.ts";

const root = resolve(import.meta.dirname, "../..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");
const names = [
  "SUPABASE_URL",
  "SUPABASE_PUBLISHABLE_KEY",
  "SUPABASE_SECRET_KEY",
  "SUPABASE_DB_URL",
];

/**
 * Runs tests of the API against the Supabase project that the environment names, one file at a time; where it
 * names none, against one made for the purpose.
 * @throws Error when a test failed, or the project is not to be used
 */
export async function testHosted(files: string[]): Promise<void> {
  const stand = names.some((name) => process.env[name]) ? null : await startStand();
  const settings = stand?.settings ?? projectSettings(process.env);
  try {
    await prepareProject(settings, { shared: process.env.SIGNALBOX_TEST_SHARED_PROJECT === "1" });
    const limits = ["--no-file-parallelism", "--hookTimeout=400000", "--testTimeout=120000"];
    const { status, signal } = spawnSync(process.execPath, [vitest, "run", ...limits, ...files], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...settings, SIGNALBOX_TEST_PROJECT: "1" },
    });
    if (status !== 0) throw new Error(`exited with ${signal ?? status}`);
  } finally {
    await stand?.stop();
  }
}

type Stand = { settings: ProjectSettings; stop(): Promise<void> };

/** A throw-away project in a process of its own. */
async function startStand(): Promise<Stand> {
  console.log("SUPABASE_URL is not set: starting a Supabase in the shape of a hosted project …");
  const child = spawn(process.execPath, [join(root, "supabase/hosted/main.ts")], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  return {
    settings: projectSettings(JSON.parse(await firstLine(child))),
    stop: async () => {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("The stand-in for a hosted project did not start.");
}
