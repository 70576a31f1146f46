import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const preload = pathToFileURL(join(import.meta.dirname, "follow-parent.mjs")).href;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-follow-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a supervisor with one service that runs `code`; returns both processes' ids. */
async function supervise(code: string): Promise<{ supervisor: number; service: number }> {
  const service = join(folder, "service.mjs");
  await writeFile(service, code);
  const supervisor = join(folder, "supervisor.mjs");
  await writeFile(
    supervisor,
    `import { spawn } from "node:child_process";
    const child = spawn(process.execPath, ["--import", ${JSON.stringify(preload)}, ${JSON.stringify(service)}], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, SIGNALBOX_SUPERVISOR: String(process.pid) },
    });
    child.stdout.once("data", () => console.log(child.pid));`,
  );
  const child = spawn(process.execPath, [supervisor], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { supervisor: child.pid ?? 0, service: Number(line) };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it("lets a service end that writes to its log while it ends, and logs every error it meets", async () => {
  const { supervisor, service } = await supervise(
    `process.on("uncaughtException", (error) => process.stderr.write(String(error)));
    process.on("SIGTERM", () => {
      const words = setInterval(() => process.stderr.write("still closing"), 5);
      setTimeout(() => { clearInterval(words); process.exit(0); }, 300);
    });
    setInterval(() => {}, 1000);
    console.log("up");`,
  );
  process.kill(supervisor, "SIGKILL");
  await expect.poll(() => isThere(service), { timeout: 8_000 }).toBe(false);
});

it("ends a service that never comes to its end by itself", async () => {
  const { supervisor, service } = await supervise(
    `process.on("SIGTERM", () => {});
    setInterval(() => {}, 1000);
    console.log("up");`,
  );
  process.kill(supervisor, "SIGKILL");
  await expect.poll(() => isThere(service), { timeout: 15_000 }).toBe(false);
}, 20_000);
