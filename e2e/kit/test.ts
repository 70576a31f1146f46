import { test as base, expect } from "@playwright/test";
import { Dashboard } from "./dashboard";

/** Quick enough for a test, and yet a real model that learns: about 10 ms a step. */
export const quickConfig = {
  epochs: 40,
  steps_per_epoch: 50,
  batch_size: 16,
  width: 32,
  layers: 1,
  heads: 2,
  eval_samples: 16,
  warmup_steps: 10,
  min_step_ms: 40,
};

/** Every spec file shares one dashboard; `page` opens on it. */
export const test = base.extend<object, { dashboard: Dashboard }>({
  dashboard: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
    async ({}, use) => {
      const dashboard = await Dashboard.create({ SIGNALBOX_ALLOW_SIGN_UP: "1" });
      await dashboard.start();
      await use(dashboard);
      await dashboard.remove();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  baseURL: async ({ dashboard }, use) => use(dashboard.url),
});

export { expect };

/** Attaches a run as a script would, and returns its token. */
export async function attachRun(
  dashboard: Dashboard,
  run: Record<string, unknown> & { job_id: string },
): Promise<string> {
  const response = await dashboard.api("POST", "/api/training/local/jobs", run);
  expect(response.status).toBe(200);
  return ((await response.json()) as { job_token: string }).job_token;
}

/** Posts to an ingest route with a job token. */
export async function ingest(
  dashboard: Dashboard,
  token: string,
  path: string,
  body: unknown,
): Promise<void> {
  const response = await fetch(`${dashboard.url}/api/training/local/${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status, await response.text()).toBe(200);
}
