import { globSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const readmes = ["lib/stream/README.md", "sdk/typescript/src/stream/README.md"];
const testFiles = globSync("{lib,sdk/typescript}/**/*.test.ts", {
  cwd: root,
  exclude: ["**/node_modules/**"],
});

/** The invariants of a README, each as one line. */
function invariantsOf(readme: string): string[] {
  const text = readFileSync(resolve(root, readme), "utf8");
  const [, section = ""] = /^## Invariants\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text) ?? [];
  return section
    .split(/^(?=\d+\. )/m)
    .slice(1)
    .map((item) => item.replace(/\n\n[\s\S]*/, "").replace(/\s+/g, " "));
}

/** The tests that an invariant names: `` `file.test.ts`: "title", "title" ``. */
function testsOf(invariant: string): { file: string; title: string }[] {
  return [...invariant.matchAll(/`([\w.-]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(
    ([, file = "", titles = ""]) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title })),
  );
}

describe.each(readmes)("the invariants of %s", (readme) => {
  it.each(invariantsOf(readme))("names tests that exist: %s", (invariant) => {
    const tests = testsOf(invariant);
    expect(tests).not.toEqual([]);
    for (const { file, title } of tests) {
      const path = testFiles.find((each) => basename(each) === file);
      expect(path, `${file} does not exist`).toBeDefined();
      const source = readFileSync(resolve(root, path ?? ""), "utf8");
      expect(source.includes(`"${title}"`), `${file} has no test "${title}"`).toBe(true);
    }
  });
});
