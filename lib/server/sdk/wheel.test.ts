import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pythonPackagePath } from "@signalbox/protocol/service/sdk";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildWheel } from "./wheel.ts";

const sdk = resolve(import.meta.dirname, "../../../sdk/python");
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "signalbox-wheel-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("lists every file with its hash and size", async () => {
  const { bytes } = await buildWheel(sdk);
  const files = unzipSync(bytes);
  const [name] = Object.keys(files).filter((path) => path.endsWith("/RECORD"));
  const lines = strFromU8(files[name ?? ""] ?? new Uint8Array()).trim();
  expect(lines.split("\n").length).toBe(Object.keys(files).length);
  for (const line of lines.split("\n")) {
    const [path = "", hash, size] = line.split(",");
    if (path === name) continue;
    const content = files[path] ?? new Uint8Array();
    const digest = createHash("sha256").update(content).digest("base64url");
    expect([path, hash, size]).toEqual([path, `sha256=${digest}`, String(content.byteLength)]);
  }
});

it("has the name that the pages tell people to install", async () => {
  const { filename } = await buildWheel(sdk);
  expect(pythonPackagePath).toBe(`/sdk/python/${filename}`);
});

it("is the same, byte for byte, from the same sources", async () => {
  const once = await buildWheel(sdk);
  const again = await buildWheel(sdk);
  expect(Buffer.compare(once.bytes, again.bytes)).toBe(0);
});

const python = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;

it.skipIf(!python)("is installed by pip, and imports", { timeout: 60_000 }, async () => {
  const { filename, bytes } = await buildWheel(sdk);
  const wheel = join(folder, filename);
  const target = join(folder, "installed");
  await writeFile(wheel, bytes);
  const options = ["--quiet", "--no-index", "--no-deps", "--disable-pip-version-check"];
  const pip = ["-m", "pip", "install", ...options, "--target", target, wheel];
  const installed = spawnSync("python3", pip, { encoding: "utf8" });
  expect(installed.status, installed.stderr).toBe(0);
  const script = "import signalbox; print(signalbox.__file__)";
  const run = spawnSync("python3", ["-c", script], {
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: target },
  });
  expect(run.stdout.trim()).toContain(target);
});
