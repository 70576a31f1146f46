import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface Snippet {
  /** Relative to the repository. */
  file: string;
  /** From 1 on, within its document. */
  number: number;
  /** `sh`, `python`, `ts` or `toml`; empty for figures and frames. */
  language: string;
  code: string;
}

/** The documents that people follow line by line. */
export function documents(): string[] {
  const guides = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  return [
    "README.md",
    "CONTRIBUTING.md",
    ...guides.sort().map((name) => `docs/${name}`),
    "sdk/python/README.md",
    "sdk/typescript/README.md",
  ];
}

/** The fenced blocks of a document. */
export function snippetsOf(file: string): Snippet[] {
  const text = readFileSync(join(root, file), "utf8");
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  return blocks.map(([, language = "", code = ""], index) => ({
    file,
    number: index + 1,
    language,
    code,
  }));
}
