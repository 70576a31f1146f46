import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { ensureBuilt } from "../start/build.ts";
import { say } from "../start/say.ts";
import { findBrowser } from "./browser.ts";
import { testClients } from "./clients.ts";
import { testHosted } from "./hosted.ts";
import { testHostedTools } from "./hosted-tools.ts";
import { testPython } from "./python.ts";

const root = resolve(import.meta.dirname, "../..");
const bin = (path: string) => join(root, "node_modules", path);
const buildDir = ".next";

interface Stage {
  name: string;
  run: () => void | Promise<void>;
}

function node(args: string[], env: Record<string, string | undefined> = {}): void {
  const result = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  if (result.status !== 0) throw new Error(`exited with ${result.signal ?? result.status}`);
}

const biome: Stage = {
  name: "format and lint",
  run: () => node([bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."]),
};
const types: Stage = { name: "types", run: () => node([bin("typescript/bin/tsc"), "--noEmit"]) };
const databaseTypes: Stage = {
  name: "database types match the migrations",
  run: () => node(["scripts/generate-database-types.ts", "--check"]),
};
const migrations: Stage = {
  name: "landed migrations are unchanged",
  run: () => node(["scripts/migrations.ts"]),
};
const unused: Stage = {
  name: "no unused files, exports or dependencies",
  run: () => node([bin("knip/bin/knip.js"), "--no-progress"]),
};
const unit = (folders: string[]): Stage => ({
  name: "unit tests",
  run: () => node([bin("vitest/vitest.mjs"), "run", ...folders]),
});
const python: Stage = {
  name: "tests of the Python SDK",
  run: () => testPython(join(root, "sdk/python")),
};
const build: Stage = { name: "production build", run: () => ensureBuilt(root, buildDir, say) };
const compatibility: Stage = {
  name: "calls of other clients",
  run: () =>
    node([bin("vitest/vitest.mjs"), "run", "tests/compatibility", ...process.argv.slice(3)]),
};
const clients: Stage = { name: "other clients, as they are published", run: testClients };
const hostedTools: Stage = {
  name: "Supabase's own tools, on a database in the shape of a hosted project",
  run: testHostedTools,
};
const hosted: Stage = {
  name: "the API on a hosted project",
  run: () => testHosted(process.argv.length > 3 ? process.argv.slice(3) : ["tests/api"]),
};
/** Grants, policies, replies of functions and live push: where a hosted project differs most. */
const hostedChoice: Stage = {
  ...hosted,
  run: () => testHosted(["supabase-direct", "access", "rpc-replies", "runs-stream"].map(apiTest)),
};
const browser: Stage = {
  name: "tests in a browser",
  run: () =>
    node([bin("@playwright/test/cli.js"), "test", ...process.argv.slice(3)], {
      PLAYWRIGHT_CHROMIUM: findBrowser(),
    }),
};

function apiTest(name: string): string {
  return `tests/api/${name}.test.ts`;
}

const plans: Record<string, Stage[]> = {
  /** Quick checks, for before every commit. */
  "--check": [
    biome,
    types,
    unused,
    migrations,
    databaseTypes,
    unit(["protocol", "lib", "components", "sdk/typescript/src"]),
  ],
  "--e2e": [build, browser],
  "--python": [python],
  "--compatibility": [compatibility],
  "--hosted": [hosted],
  "--hosted-tools": [hostedTools],
  "--clients": [build, clients],
  all: [
    biome,
    types,
    unused,
    migrations,
    databaseTypes,
    unit([]),
    python,
    hostedTools,
    hostedChoice,
    build,
    browser,
  ],
};

for (const stage of plans[process.argv[2] ?? "all"] ?? plans.all ?? []) {
  const startedAt = Date.now();
  say(`\n── ${stage.name}`);
  try {
    await stage.run();
  } catch (error) {
    console.error(`✗ ${stage.name}: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
  say(`✓ ${stage.name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
}
