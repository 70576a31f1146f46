import { expect, test } from "@playwright/test";
import { Dashboard } from "./kit/dashboard";
import { quickConfig } from "./kit/test";

test.describe.configure({ timeout: 240_000 });

let dashboard: Dashboard;

test.beforeAll(async () => {
  dashboard = await Dashboard.create({
    SIGNALBOX_LIMIT_POINTS: "10",
    SIGNALBOX_LIMIT_LOG_LINES: "10",
    SIGNALBOX_LIMIT_TRAINERS: "1",
  });
  await dashboard.start();
});
test.afterAll(() => dashboard.remove());

test("the page Usage shows what is used of each limit, and which are near or reached", async ({
  page,
}) => {
  await page.goto(`${dashboard.url}/settings/usage`);
  const meter = (name: string) => page.getByRole("meter", { name, exact: true });
  await expect(meter("Metrics")).toHaveAttribute("aria-valuetext", "0 of 10 points");
  await expect(meter("Running trainers")).toHaveAttribute("aria-valuetext", "0 of 1");
  await expect(page.getByText("Limit reached")).toHaveCount(0);

  await dashboard.api("POST", "/api/training/local/jobs", { job_id: "full" });
  const points = (count: number) =>
    dashboard.api("POST", "/api/training/local/metrics", {
      job_id: "full",
      metrics: Array.from({ length: count }, (_, step) => ({ step, loss: 1 })),
    });
  expect((await points(10)).status).toBe(200);
  expect((await points(1)).status).toBe(409);
  const logs = { logs: Array(8).fill("line") };
  expect((await dashboard.api("POST", "/api/training/local/full/logs", logs)).status).toBe(200);
  await page.reload();
  await expect(meter("Metrics")).toHaveAttribute("aria-valuetext", "10 of 10 points");
  const storage = page.getByRole("region", { name: "Storage" });
  await expect(storage.getByText("Limit reached")).toHaveCount(1);
  await expect(storage.getByText("SIGNALBOX_LIMIT_POINTS")).toBeVisible();
  await expect(storage.getByText("Near the limit")).toHaveCount(1);
});

test("a run beyond the limit of trainers shows its place, is stopped there, or starts in turn", async ({
  page,
}) => {
  const start = async (name: string) => {
    const reply = await dashboard.api("POST", "/api/training/jobs", {
      kind: "sft",
      name,
      config: quickConfig,
    });
    expect(reply.status).toBe(201);
    return String(((await reply.json()) as { id: string }).id);
  };
  const first = await start("first");
  const second = await start("second");
  const third = await start("third");
  const progress = page.getByRole("list", { name: "Progress" });
  const stop = (id: string) =>
    dashboard.api("POST", `/api/training/local/${id}/control`, { action: "stop" });

  await page.goto(`${dashboard.url}/runs/${third}`);
  await expect(progress.getByText("2 of 2 in the queue")).toBeVisible();
  expect((await stop(second)).status).toBe(202);
  await expect(progress.getByText("next in the queue")).toBeVisible();
  expect((await stop(first)).status).toBe(202);
  await expect(page.getByText("Running", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expect(progress.getByText("in the queue")).toHaveCount(0);
});
