import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "./kit/test";

test("the README's ten lines of Python report a run", async ({ dashboard, page }) => {
  const python = spawnSync("python3", ["--version"]);
  test.skip(python.status !== 0, "There is no Python on this machine.");
  const readme = await readFile(resolve(import.meta.dirname, "../README.md"), "utf8");
  const script = /```python\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "signalbox-readme-"));
  await symlink(dashboard.dataDir, join(folder, ".signalbox"));

  const run = spawnSync("python3", ["-c", script], { cwd: folder, encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);

  await page.goto("/runs/my-first-run");
  await expect(page.locator('[data-status="succeeded"]').first()).toBeVisible();
  await expect(page.getByText("step 100 / 100").first()).toBeVisible();
});
