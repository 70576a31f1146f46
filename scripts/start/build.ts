import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const sources = [
  "app",
  "components",
  "lib",
  "protocol",
  "web",
  "next.config.mjs",
  "postcss.config.mjs",
  "proxy.ts",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "instrumentation-node.ts",
  "package-lock.json",
  "tsconfig.json",
];

/** A hash of all sources of the production build, without tests. */
async function sourceHash(root: string): Promise<string> {
  const hash = createHash("sha256");
  const visit = async (path: string): Promise<void> => {
    if (!existsSync(join(root, path))) return;
    const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => null);
    if (entries === null) {
      if (/\.test\.tsx?$/.test(path)) return;
      hash
        .update(path)
        .update("\0")
        .update(await readFile(join(root, path)));
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      await visit(join(path, entry.name));
    }
  };
  for (const source of sources) await visit(source);
  return hash.digest("hex");
}

/**
 * Makes the production build unless the one in `buildDir` has the same sources.
 * @param say prints progress
 */
export async function ensureBuilt(
  root: string,
  buildDir: string,
  say: (text: string) => void,
): Promise<void> {
  const marker = join(root, buildDir, "signalbox-build");
  const current = await sourceHash(root);
  const built = existsSync(marker) ? await readFile(marker, "utf8") : "";
  if (built === current) return;
  const startedAt = performance.now();
  say("Building the dashboard (takes about a minute, only once) …");
  const progress = setInterval(
    () => say(`  still building, ${Math.round((performance.now() - startedAt) / 1000)} s …`),
    10_000,
  );
  try {
    await runBuild(root, buildDir);
  } finally {
    clearInterval(progress);
  }
  await writeFile(marker, current);
  say(`  built in ${Math.round((performance.now() - startedAt) / 1000)} s.`);
}

function runBuild(root: string, buildDir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(root, "node_modules/next/dist/bin/next"), "build"],
      {
        cwd: root,
        env: {
          ...process.env,
          NODE_ENV: "production",
          NEXT_TELEMETRY_DISABLED: "1",
          SIGNALBOX_BUILD_DIR: buildDir,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The build of the dashboard failed.\n${output.trim()}`));
    });
  });
}
