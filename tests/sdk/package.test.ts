import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../../sdk/typescript");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
};
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => join(root, "src", file));
const published = sources.filter((file) => !/\.test\.tsx?$|[\\/]testing[\\/]/.test(file));

function importsOf(file: string): { name: string; lazy: boolean; typeOnly: boolean }[] {
  const text = readFileSync(file, "utf8");
  const found = text.matchAll(/(import|export)\s+(type\s)?[^;"']*?from\s+"([^"]+)"/g);
  const bare = text.matchAll(/^import\s+"([^"]+)"/gm);
  const lazy = text.matchAll(/import\(\s*"([^"]+)"\s*\)/g);
  return [
    ...[...found].map((m) => ({ name: m[3] ?? "", lazy: false, typeOnly: m[2] !== undefined })),
    ...[...bare].map((m) => ({ name: m[1] ?? "", lazy: false, typeOnly: false })),
    ...[...lazy].map((m) => ({ name: m[1] ?? "", lazy: true, typeOnly: false })),
  ];
}

describe("the published package", () => {
  it("imports its own files, Node's modules and its declared dependencies, nothing else", () => {
    expect(published.length).toBeGreaterThan(20);
    for (const file of published) {
      for (const { name } of importsOf(file)) {
        const where = `${relative(root, file)} imports ${name}`;
        if (name.startsWith(".")) {
          const target = resolve(dirname(file), name);
          expect(published, where).toContain(target);
        } else if (name.startsWith("node:")) {
          expect(builtinModules, where).toContain(name.slice("node:".length));
        } else {
          const [scope, rest] = name.split("/");
          const dependency = scope?.startsWith("@") ? `${scope}/${rest}` : (scope ?? "");
          expect(Object.keys(manifest.dependencies), where).toContain(dependency);
        }
      }
    }
  });

  it("loads no terminal library until a rich display is mounted", () => {
    const reached = new Set<string>();
    const queue = [join(root, "src/index.ts")];
    for (let file = queue.pop(); file; file = queue.pop()) {
      if (reached.has(file)) continue;
      reached.add(file);
      for (const { name, lazy, typeOnly } of importsOf(file)) {
        if (lazy || typeOnly) continue;
        expect(["react", "ink", "commander"], `${relative(root, file)} at once`).not.toContain(
          name,
        );
        if (name.startsWith(".")) queue.push(resolve(dirname(file), name));
      }
    }
    expect(reached.size).toBeGreaterThan(20);
  });

  it("builds, and its build offers what its sources do", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-build-"));
    try {
      const modules = resolve(root, "../../node_modules");
      const tsc = join(modules, "typescript/bin/tsc");
      const project = join(root, "tsconfig.build.json");
      execFileSync(process.execPath, [tsc, "-p", project, "--outDir", join(folder, "dist")]);
      symlinkSync(modules, join(folder, "node_modules"));
      const files = readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" });
      expect(files.filter((file) => /test|testing/.test(file))).toEqual([]);
      const code = `console.log(JSON.stringify(Object.keys(await import("./dist/index.js")).sort()))`;
      const args = ["--input-type=module", "-e", code];
      const built = execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
      const sources = await import("../../sdk/typescript/src/index.ts");
      expect(JSON.parse(built)).toEqual(Object.keys(sources).sort());
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
