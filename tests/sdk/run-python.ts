import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { findPython } from "../../scripts/test/python.ts";
import type { Ended } from "../../sdk/typescript/src/cli/testing/run-here.ts";

const source = join(resolve(import.meta.dirname, "../.."), "sdk/python/src");

/** A Python that runs the whole command line: one that reads TOML, too. Null where there is none. */
export function findTomlPython(): string | null {
  const python = findPython();
  const reads = python && spawnSync(python, ["-c", "import tomllib"]).status === 0;
  return reads ? python : null;
}

/** Runs a command line with the Python package, its input and output pipes, in a home of its own. */
export async function runPython(
  python: string,
  args: readonly string[],
  env: Record<string, string> = {},
  home = "/nowhere",
): Promise<Ended> {
  const child = spawn(python, ["-m", "signalbox", ...args], {
    cwd: home,
    env: { NODE_ENV: "test", PATH: process.env.PATH, HOME: home, PYTHONPATH: source, ...env },
  });
  const ended: Ended = { code: -1, out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    ended.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    ended.err += text;
  });
  child.stdin.end();
  const [code] = (await once(child, "close")) as [number | null];
  return { ...ended, code: code ?? -1 };
}
