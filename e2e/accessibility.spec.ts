import AxeBuilder from "@axe-core/playwright";
import { attachRun, expect, ingest, test } from "./kit/test";

const pages = [
  "/runs",
  "/runs?new=1",
  "/runs/seen",
  "/runs/seen?tab=epochs",
  "/runs/seen?tab=epochs&sample=0&epoch=0&by=scores.reward&colour=scores.judge&where=scores.judge:bad",
  "/runs/seen?tab=logs",
  "/runs/seen?tab=timeline",
  "/runs/seen?tab=config",
  "/settings",
  "/settings/storage",
  "/settings/usage",
];

for (const colorScheme of ["light", "dark"] as const) {
  test(`pages have names, roles and contrast that everybody can use (${colorScheme})`, async ({
    dashboard,
    browser,
  }) => {
    const token = await attachRun(dashboard, {
      job_id: "seen",
      name: "Seen",
      total_steps: 10,
      tags: ["one"],
      live_params: { learning_rate: { min: 0, max: 1 } },
    });
    await ingest(dashboard, token, "metrics", {
      job_id: "seen",
      metrics: [1, 2, 3].map((step) => ({
        step,
        "train/loss": 3 / step,
        "train/learning_rate": 0.1,
      })),
    });
    await ingest(dashboard, token, "seen/logs", { logs: ["one line", "another"] });
    await ingest(dashboard, token, "predictions", {
      job_id: "seen",
      predictions: [0, 1].map((epoch) => ({
        epoch,
        step: epoch,
        sample_index: 0,
        prompt: "cat",
        prediction: epoch === 0 ? "K" : "K AE T",
        ground_truth: "K AE T",
        reward: epoch - 0.5,
        judge: epoch === 0 ? "bad" : "good",
        validation_pass: epoch === 1,
        validation_errors: epoch === 0 ? ["too short"] : null,
      })),
    });
    const context = await browser.newContext({ baseURL: dashboard.url, colorScheme });
    const page = await context.newPage();
    for (const path of pages) {
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      const found = violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map((node) => node.target.join(" "))
            .slice(0, 4)
            .join(" | ")}`,
      );
      expect.soft(found, path).toEqual([]);
    }
    await context.close();
  });
}
