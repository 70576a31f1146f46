import { attachRun, expect, ingest, test } from "./kit/test";

test("runs appear and update by push; the view is in the URL", async ({ dashboard, page }) => {
  await attachRun(dashboard, { job_id: "first", name: "First run", kind: "sft", total_steps: 100 });
  await page.goto("/runs");
  const table = page.getByRole("table", { name: /runs/i }).or(page.getByRole("grid"));
  await expect(table.getByRole("link", { name: "First run" })).toBeVisible();

  const token = await test.step("a new run appears without a reload", async () => {
    const fresh = await attachRun(dashboard, {
      job_id: "second",
      name: "Second run",
      kind: "rl",
      tags: ["baseline"],
      total_steps: 200,
    });
    await expect(page.getByRole("link", { name: "Second run" })).toBeVisible();
    return fresh;
  });

  await test.step("its values update", async () => {
    await ingest(dashboard, token, "metrics", {
      job_id: "second",
      points: [1, 2, 3].map((step) => ({
        name: "train/reward_mean",
        step: step * 50,
        value: step / 10,
      })),
    });
    const row = page.getByRole("row").filter({ hasText: "Second run" });
    await expect(row).toContainText("150");
    await expect(row).toContainText("75%");
    await expect(row).toContainText("0.3");
  });

  await test.step("search, filter and their place in the URL", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("second");
    await expect(page).toHaveURL(/q=second/);
    await expect(page.getByRole("link", { name: "First run" })).toBeHidden();
    const reads: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/training/jobs?")) reads.push(request.url());
    });
    await page.reload();
    await expect(page.getByRole("link", { name: "Second run" })).toBeVisible();
    expect(reads, "the early read is the page's own").toHaveLength(1);
    await expect(page.getByRole("link", { name: "First run" })).toBeHidden();
  });
});

test("two browsers on one run agree within a second", async ({ dashboard, browser }) => {
  const token = await attachRun(dashboard, { job_id: "shared", name: "Shared", total_steps: 10 });
  const contexts = await Promise.all([browser.newContext(), browser.newContext()]);
  const pages = await Promise.all(contexts.map((context) => context.newPage()));
  for (const page of pages) {
    await page.goto(`${dashboard.url}/runs/shared`);
    await expect(page.locator('[data-connection="live"]').first()).toBeVisible();
  }
  await ingest(dashboard, token, "metrics", {
    job_id: "shared",
    metrics: [{ step: 7, loss: 0.25 }],
  });
  const seenAt = await Promise.all(
    pages.map(async (page) => {
      await expect(page.getByText(/^step 7\b/).first()).toBeVisible();
      return Date.now();
    }),
  );
  expect(Math.abs((seenAt[0] ?? 0) - (seenAt[1] ?? 0))).toBeLessThan(1_000);
  await Promise.all(contexts.map((context) => context.close()));
});
