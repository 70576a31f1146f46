import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findPython } from "../scripts/test/python";
import { expect, test } from "./kit/test";

test("the README's lines of Python report a run", async ({ dashboard, page }) => {
  const python = findPython();
  test.skip(python === null, "There is no Python 3.9 or newer here.");
  if (!python) return;
  const readme = await readFile(resolve(import.meta.dirname, "../README.md"), "utf8");
  const script = /```python\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "signalbox-readme-"));
  await symlink(dashboard.dataDir, join(folder, ".signalbox"));

  const sdk = resolve(import.meta.dirname, "../sdk/python/src");
  const env = { ...process.env, PYTHONPATH: sdk };
  const run = spawnSync(python, ["-c", script], { cwd: folder, encoding: "utf8", env });
  expect(run.status, run.stderr).toBe(0);

  await page.goto("/runs/my-first-run");
  await expect(page.locator('[data-status="succeeded"]').first()).toBeVisible();
  await expect(page.getByText("step 100 / 100").first()).toBeVisible();
});
