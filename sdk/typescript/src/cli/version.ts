import { readFileSync } from "node:fs";

/** This package's version. The file lies as far from `src/cli` as from `dist/cli`. */
export function packageVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
