import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Env } from "./terminal";
import { test as dashboardTest, expect, quickConfig } from "./test";

export interface CliHome {
  /** A home folder of its own, with the dashboard's address and key in the environment. */
  env: Env;
  /** Writes a file there and returns its path. */
  file: (name: string, text: string) => Promise<string>;
}

/** Every test has a home folder of its own. */
export const test = dashboardTest.extend<{ home: CliHome }>({
  home: async ({ dashboard }, use) => {
    const folder = await mkdtemp(join(tmpdir(), "signalbox-home-"));
    await use({
      env: {
        HOME: folder,
        SIGNALBOX_URL: dashboard.url,
        SIGNALBOX_API_KEY: await dashboard.apiKey(),
        SIGNALBOX_DATA_DIR: undefined,
      },
      file: async (name, text) => {
        const path = join(folder, name);
        await writeFile(path, text);
        return path;
      },
    });
    await rm(folder, { recursive: true });
  },
});

export { expect };

/** A run's TOML: a real model that learns for a second or two, unless its settings say otherwise. */
export function runToml(name: string, changes: Record<string, number> = {}): string {
  const config = { ...quickConfig, epochs: 2, steps_per_epoch: 20, min_step_ms: 0, ...changes };
  const lines = Object.entries(config).map(([key, value]) => `${key} = ${value}`);
  return [`name = "${name}"`, `tags = ["cli"]`, "[config]", ...lines, ""].join("\n");
}
