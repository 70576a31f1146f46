import type { Page } from "@playwright/test";
import { attachRun, expect, test } from "./kit/test";

/** Records what the page's policy refuses, from its first script on. */
async function refusalsOf(page: Page): Promise<string[]> {
  const refused: string[] = [];
  await page.exposeFunction("refusedByPolicy", (what: string) => refused.push(what));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = Reflect.get(window, "refusedByPolicy");
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
    });
  });
  return refused;
}

test("pages run their own scripts, and no others", async ({ dashboard, page }) => {
  await attachRun(dashboard, { job_id: "policy", name: "Policy" });
  const refused = await refusalsOf(page);
  const nonces = new Set<string>();
  for (const path of ["/runs", "/runs/policy", "/compare?runs=policy", "/docs/api", "/none"]) {
    const response = await page.goto(path);
    const policy = (await response?.headerValue("content-security-policy")) ?? "";
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? "";
    expect(scripts, path).not.toContain("unsafe-inline");
    nonces.add(/'nonce-([^']+)'/.exec(scripts)?.[1] ?? "");
    // Set by next-themes' inline script, before anything else runs.
    await expect(page.locator("html")).toHaveClass(/light|dark/);
    await page.waitForLoadState("load");
  }
  expect(nonces.size).toBe(5);

  await page.goto("/runs");
  await expect(page.getByRole("link", { name: "Policy" })).toBeVisible();
  expect(refused).toEqual([]);
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
  });
  await expect.poll(() => refused.length).toBe(1);
  expect(await page.evaluate(() => Reflect.get(window, "ran"))).toBeUndefined();
});
