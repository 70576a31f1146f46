import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";

const systemNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function systemBrowser(): string | null {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of systemNames) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {}
    }
  }
  return null;
}

function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: "inherit" }).status === 0;
}

/**
 * A Chromium for the tests: `PLAYWRIGHT_CHROMIUM` if set, else Playwright's own, else the system's,
 * else one that is downloaded, or installed by apt if this process is root.
 * @returns a path, or undefined for Playwright's own
 * @throws Error with the options if there is none
 */
export function findBrowser(): string | undefined {
  const chosen = process.env.PLAYWRIGHT_CHROMIUM;
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`PLAYWRIGHT_CHROMIUM: ${chosen} does not exist.`);
    return chosen;
  }
  if (existsSync(chromium.executablePath())) return undefined;
  const system = systemBrowser();
  if (system) return system;
  console.log("No browser found. Downloading one with Playwright …");
  const playwright = join(import.meta.dirname, "../../node_modules/playwright/cli.js");
  if (run(process.execPath, [playwright, "install", "chromium"])) return undefined;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("The download failed. Installing Debian's Chromium …");
    if (run("apt-get", ["update", "-qq"]) && run("apt-get", ["install", "-y", "-qq", "chromium"])) {
      const installed = systemBrowser();
      if (installed) return installed;
    }
  }
  throw new Error(
    "No browser found for the tests. Install Chromium or Chrome, run `npx playwright install chromium`, " +
      "or set PLAYWRIGHT_CHROMIUM to one.",
  );
}
