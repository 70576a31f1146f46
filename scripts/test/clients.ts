import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Dashboard } from "../../e2e/kit/dashboard.ts";
import { findPython } from "./python.ts";

const root = resolve(import.meta.dirname, "../..");
const scripts = join(root, "tests/compatibility/packages");
const cache = join(root, "node_modules/.cache/signalbox-clients");

interface Package {
  requirement: string;
  script: string;
  /** What its imports need: its own list would bring gigabytes that no call here uses. */
  needs: string[];
  oldestPython: number;
}

const streaming = ["aiohttp", "click<8.2", "fastapi", "httpx", "pydantic>=2", "pynacl"];
const more = ["python-dotenv", "requests", "rich", "uvicorn", "opentelemetry-api"];
const packages: Package[] = [
  {
    requirement: "finetune-lab==0.6.0",
    script: "finetune_lab_0_6_0.py",
    needs: ["requests"],
    oldestPython: 9,
  },
  {
    requirement: "synth-ai==0.2.24",
    script: "synth_ai_0_2_24.py",
    needs: [...streaming, ...more],
    oldestPython: 11,
  },
  {
    requirement: "synth-ai==0.4.12",
    script: "synth_ai_0_4_12.py",
    needs: [...streaming, ...more, "celery", "mcp<2", "modal", "sqlalchemy", "toml", "tomli_w"],
    oldestPython: 11,
  },
];

interface Result {
  method: string;
  error: string | null;
  seconds: number;
}

/**
 * Runs the clients of other services, as they are published, against a dashboard of its own.
 * A package that can't be installed here is skipped, aloud.
 * @throws Error naming the number of rows that failed
 */
export async function testClients(): Promise<void> {
  const installed = packages.flatMap((one) => {
    const python = install(one);
    return python ? [{ ...one, python }] : [];
  });
  if (installed.length === 0) return;
  const dashboard = await Dashboard.create();
  let failed = 0;
  try {
    await dashboard.start();
    for (const { requirement, script, python } of installed) {
      console.log(`\n${requirement}`);
      failed += await runRows(python, script, dashboard);
    }
  } finally {
    await dashboard.remove();
  }
  if (failed > 0) throw new Error(`${failed} rows failed`);
}

/** A Python that has the package and what it imports; null, with the reason said, where there is none. */
function install({ requirement, needs, oldestPython }: Package): string | null {
  const skip = (reason: string) => {
    console.log(`Skipped: ${requirement}: ${reason}`);
    return null;
  };
  const base = findPython();
  if (!base || !isNewEnough(base, oldestPython)) return skip(`needs Python 3.${oldestPython}.`);
  const folder = join(cache, requirement.replace("==", "-"));
  const python = join(folder, "bin/python");
  const ready = join(folder, "ready");
  if (existsSync(ready)) return python;
  console.log(`Installing ${requirement} …`);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  const steps: [string, string[]][] = [
    [base, ["-m", "venv", "--clear", folder]],
    [python, [...pip, ...needs]],
    [python, [...pip, "--no-deps", requirement]],
    [python, ["-c", `open(${JSON.stringify(ready)}, "w")`]],
  ];
  for (const [command, args] of steps) {
    const { status, stderr } = spawnSync(command, args, { encoding: "utf8" });
    if (status !== 0) return skip(stderr.trim().split("\n").at(-1) ?? "it can't be installed.");
  }
  return python;
}

function isNewEnough(python: string, minor: number): boolean {
  const code = `import sys; sys.exit(sys.version_info < (3, ${minor}))`;
  return spawnSync(python, ["-c", code]).status === 0;
}

/** Returns how many rows failed. */
async function runRows(python: string, script: string, dashboard: Dashboard): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), "signalbox-clients-"));
  const child = spawn(python, [join(scripts, script)], {
    cwd: home,
    env: {
      ...process.env,
      // Some of these packages keep files at home.
      HOME: home,
      PYTHONDONTWRITEBYTECODE: "1",
      SIGNALBOX_URL: dashboard.url,
      SIGNALBOX_API_KEY: await dashboard.apiKey(),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (text) => {
    errors = `${errors}${text}`.slice(-4000);
  });
  const ended = once(child, "close");
  let failed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{"method": ')) continue;
    const { method, error, seconds } = JSON.parse(line) as Result;
    console.log(`  ${error ? "✗" : "✓"} ${method} (${seconds} s)${error ? `: ${error}` : ""}`);
    if (error) failed += 1;
  }
  const [code] = await ended;
  await rm(home, { recursive: true, force: true });
  if (code !== 0) {
    console.log(`  ✗ ${script} ended with ${code}:\n${errors}`);
    failed += 1;
  }
  return failed;
}
