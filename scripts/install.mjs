// Runs on the machine's own Node before anything is installed: plain JavaScript without packages.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const marker = join(root, "node_modules", ".signalbox-installed");

/** The project's pinned Node. */
export const pinnedNode = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/** Installs the packages of package-lock.json, unless they are installed. */
export function ensureInstalled() {
  const lock = readFileSync(join(root, "package-lock.json"));
  const current = createHash("sha256").update(lock).digest("hex");
  const installed = existsSync(marker) ? readFileSync(marker, "utf8") : "";
  if (installed === current && existsSync(pinnedNode)) return;
  console.log("Installing packages (takes a minute or two, only once) …");
  const npm = process.env.npm_execpath
    ? [process.execPath, [process.env.npm_execpath]]
    : [process.platform === "win32" ? "npm.cmd" : "npm", []];
  const result = spawnSync(
    npm[0],
    [...npm[1], "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: root, stdio: "inherit" },
  );
  if (result.status !== 0 || !existsSync(pinnedNode)) {
    console.error("Could not install the packages. See npm's message above.");
    process.exit(result.status || 1);
  }
  writeFileSync(marker, current);
}
