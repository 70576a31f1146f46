import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./kit/test";

test("the API's description is open to programs, and people find a route in it", async ({
  dashboard,
  page,
}) => {
  const reply = await fetch(`${dashboard.url}/api/openapi.json`);
  expect(reply.status).toBe(200);
  const document = (await reply.json()) as { openapi: string; paths: Record<string, object> };
  expect(document.openapi).toBe("3.1.1");
  const routes = Object.values(document.paths).flatMap((path) => Object.keys(path));

  await page.goto("/settings");
  await page.getByRole("link", { name: "API reference" }).click();
  await expect(page.getByRole("heading", { name: "API", level: 1 })).toBeVisible();
  // The routes, the errors, the schemas.
  await expect(page.getByRole("article").nth(routes.length)).toBeAttached();

  await page.keyboard.press("/");
  await page.keyboard.type("control checkpoint");
  await expect(page).toHaveURL(/q=control(\+|%20)checkpoint/);
  const found = page.getByRole("article");
  await expect(found).toHaveCount(1);
  await expect(found).toContainText("/api/training/local/{id}/control");
  await expect(found).toContainText('"action":"pause"');

  await page.reload();
  await expect(page.getByRole("article")).toHaveCount(1);
  await page.getByRole("searchbox").fill("no such thing");
  await expect(page.getByText("No results")).toBeVisible();
});

test("a link to a route leads to it", async ({ page }) => {
  await page.goto("/docs/api#postTrainingLocalMetrics");
  await expect(
    page.getByRole("heading", { name: "post /api/training/local/metrics" }),
  ).toBeInViewport();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the reference has names, roles and contrast that everybody can use (${colorScheme})`, async ({
    dashboard,
    browser,
  }) => {
    const context = await browser.newContext({
      baseURL: dashboard.url,
      colorScheme,
      viewport: { width: 390, height: 844 },
    });
    const page = await context.newPage();
    await page.goto("/docs/api");
    await expect(page.getByRole("article").first()).toBeVisible();
    const overflow = await page.evaluate(
      () =>
        window.document.documentElement.scrollWidth - window.document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    // A part of the page has every kind of element and takes a tenth of the time.
    await page.goto("/docs/api?q=control");
    await expect(page.getByRole("status")).toHaveText(/^\d+ results?$/);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      expect.soft(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target}`)).toEqual([]);
    }
    await context.close();
  });
}
