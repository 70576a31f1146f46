import { attachRun, expect, ingest, test } from "./kit/test";

test("the owner sees what the service does, and streams come compressed", async ({
  dashboard,
  page,
}) => {
  const token = await attachRun(dashboard, { job_id: "watched", name: "Watched" });
  await test.step("a page reads a compressed stream as it grows", async () => {
    const streamed = page.waitForResponse(/\/stream/);
    await page.goto("/runs/watched");
    expect((await (await streamed).allHeaders())["content-encoding"]).toBe("gzip");
    await ingest(dashboard, token, "metrics", {
      job_id: "watched",
      metrics: [{ step: 4310, "train/loss": 0.25 }],
    });
    await expect(page.getByText("4,310").first()).toBeVisible();
  });

  await test.step("Settings, Service has the states and current figures", async () => {
    await page.goto("/settings");
    await page.getByRole("link", { name: "Service" }).click();
    await expect(page.getByRole("heading", { name: "Service" })).toBeVisible();
    await expect(page.getByText("OK", { exact: true })).toHaveCount(3);
    const requests = page.getByRole("region", { name: "API requests" });
    await expect(requests).toContainText(/\d\/s/, { timeout: 20_000 });
  });
});

test("an error in a page is counted once, and told to nobody else", async ({ dashboard, page }) => {
  const counted = async () => {
    const metrics = await (await dashboard.api("GET", "/api/metrics")).text();
    return Number(/client_errors_total\{kind="rejection"\} (\d+)/.exec(metrics)?.[1]);
  };
  expect(await counted()).toBe(0);
  await page.goto("/runs");
  const reported = page.waitForResponse(/\/api\/client-errors$/);
  await page.evaluate(() => {
    for (let n = 0; n < 3; n += 1) void Promise.reject(new Error("made by a test"));
  });
  expect((await reported).status()).toBe(202);
  expect(await counted()).toBe(1);
});

test("for everybody else the page does not exist", async ({ page }) => {
  await page.goto("/runs");
  await page.getByRole("button", { name: /account|user menu/i }).click();
  await page.getByRole("menuitem", { name: /sign out/i }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/sign-in?next=%2Fsettings%2Fservice");
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByLabel(/e-?mail/i).fill("no-administrator@example.org");
  await page.getByLabel("Password").fill("a long enough secret");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Page not found" })).toBeVisible();
  await page.goto("/settings");
  await expect(page.getByRole("link", { name: "Appearance" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Service" })).toBeHidden();
});
