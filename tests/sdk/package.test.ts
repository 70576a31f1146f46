import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../../sdk/typescript");
const modules = resolve(root, "../../node_modules");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};
const packageName = (name: string) =>
  name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");

/** An empty folder in which nothing but the built package and its dependencies is installed. */
let folder: string;
let dist: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-package-"));
  const installed = join(folder, "node_modules/signalbox");
  dist = join(installed, "dist");
  mkdirSync(installed, { recursive: true });
  cpSync(join(root, "package.json"), join(installed, "package.json"));
  cpSync(join(root, "bin"), join(installed, "bin"), { recursive: true });
  execFileSync(process.execPath, [join(root, "build.mjs"), dist]);
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(join(modules, name), join(folder, "node_modules", name), "junction");
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const builtFiles = () =>
  readdirSync(dist, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(js|d\.ts)$/.test(file))
    .map((file) => join(dist, file));

function importsOf(file: string): { name: string; lazy: boolean }[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/^(?:import|export)\s[^;"']*?from\s+"([^"]+)"/gm);
  const bare = text.matchAll(/^import\s+"([^"]+)"/gm);
  const lazy = text.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g);
  return [
    ...[...found, ...bare].map((m) => ({ name: m[1] ?? "", lazy: false })),
    ...[...lazy].map((m) => ({ name: m[1] ?? "", lazy: true })),
  ];
}

function run(args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

describe("the published package", () => {
  it("imports its own files, Node's modules and its declared dependencies, nothing else", () => {
    expect(builtFiles().length).toBeGreaterThan(40);
    for (const file of builtFiles()) {
      for (const { name } of importsOf(file)) {
        const where = `${relative(dist, file)} imports ${name}`;
        if (name.startsWith(".")) {
          expect(existsSync(resolve(dirname(file), name)), where).toBe(true);
        } else if (name.startsWith("node:")) {
          expect(builtinModules, where).toContain(name.slice("node:".length));
        } else {
          expect(Object.keys(manifest.dependencies), where).toContain(packageName(name));
        }
      }
    }
  });

  it("names no private package, and holds no tests", () => {
    for (const file of builtFiles()) {
      expect(file).not.toMatch(/test|testing/);
      expect(readFileSync(file, "utf8"), file).not.toContain("@signalbox/");
    }
  });

  it("loads no terminal library and no schemas until they are needed", () => {
    const reached = new Set<string>();
    const queue = [join(dist, "index.js")];
    for (let file = queue.pop(); file; file = queue.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      for (const { name, lazy } of importsOf(file)) {
        if (lazy) continue;
        const where = `${relative(dist, file)} at once`;
        expect(["react", "ink", "commander", "zod"], where).not.toContain(name);
        if (name.startsWith(".")) queue.push(resolve(dirname(file), name));
      }
    }
    expect(reached.size).toBeGreaterThan(20);
  });

  it("offers what its sources do, installed alone", async () => {
    const code = `console.log(JSON.stringify(Object.keys(await import("signalbox")).sort()))`;
    const sources = await import("../../sdk/typescript/src/index.ts");
    const built: unknown = JSON.parse(run(["--input-type=module", "-e", code]));
    expect(built).toEqual(Object.keys(sources).sort());
  });

  it("starts its command line, installed alone", () => {
    const bin = join(folder, "node_modules/signalbox/bin/signalbox.mjs");
    expect(run([bin, "--help"])).toContain("Usage: signalbox");
  });

  it("gives a program that uses it exact types", () => {
    writeFileSync(join(folder, "consumer.mts"), consumer);
    const tsc = join(modules, "typescript/bin/tsc");
    const options = "--noEmit --strict --module nodenext --target es2023";
    const types = ["--types", "node", "--typeRoots", join(modules, "@types")];
    try {
      run([tsc, ...options.split(" "), ...types, "consumer.mts"]);
    } catch (error) {
      // The compiler writes what is wrong to its output.
      throw new Error(String((error as { stdout?: unknown }).stdout));
    }
  });
});

// Each expected error would not be one if the types were lost on the way.
const consumer = `
import { isTerminal, type Job, type Prediction, SignalboxClient, type StreamMessage } from "signalbox";

const client = new SignalboxClient({ baseUrl: "http://127.0.0.1:3000" });
const job: Job = await client.jobs.get("job_1");
const last: number | undefined = job.spark?.points.length;
if (!isTerminal(job.status)) await client.control.pause(job.id, { mode: "hold" });
export function textOf(message: StreamMessage): string {
  if (message.stream_type === "predictions") return (message.data satisfies Prediction).prompt;
  // @ts-expect-error: not a kind of message.
  if (message.stream_type === "predicted") return "";
  return message.key;
}
// @ts-expect-error: not a status.
export const status: Job["status"] = "finished";
// @ts-expect-error: a number, not a text.
export const epoch: Prediction["epoch"] = "1";
// @ts-expect-error: a run has a kind.
await client.jobs.create({ config: {} });
await client.metrics.create(job.id, [{ name: "loss", step: 1, value: Number.NaN }]);
export { last };
`;
