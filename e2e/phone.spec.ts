import { attachRun, expect, ingest, test } from "./kit/test";

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

test("at 390 pixels nothing overflows and the controls stay in reach", async ({
  dashboard,
  page,
}) => {
  const token = await attachRun(dashboard, {
    job_id: "pocket",
    name: "a-run-with-a-rather-long-name-that-would-not-fit",
    total_steps: 100,
    live_params: { learning_rate: { min: 0, max: 1 } },
  });
  await ingest(dashboard, token, "metrics", {
    job_id: "pocket",
    metrics: [{ step: 1, "train/loss": 2, "train/learning_rate": 0.01 }],
  });
  for (const path of [
    "/runs",
    "/runs/pocket",
    "/runs/pocket?tab=logs",
    "/runs/pocket?tab=timeline",
    "/runs/pocket?tab=config",
    "/settings",
  ]) {
    await page.goto(path);
    await expect(page.getByRole("main")).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
  await page.goto("/runs/pocket");
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeInViewport();
  await page.getByRole("button", { name: "Pause", exact: true }).tap();
  await expect(page.locator('[data-status="pausing"]').first()).toBeVisible();
});
