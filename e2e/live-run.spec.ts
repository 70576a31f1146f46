import { Dashboard, kill } from "./kit/dashboard";
import { RunPage } from "./kit/run-page";
import { expect, test } from "./kit/test";

interface Point {
  name: string;
  value: number;
  step: number;
  seq: number;
}

/** Every stored point of a run, in the order of storing. */
async function allPoints(dashboard: Dashboard, id: string): Promise<Point[]> {
  const points: Point[] = [];
  let after = 0;
  for (;;) {
    const response = await dashboard.api(
      "GET",
      `/api/learning/jobs/${id}/metrics?after_seq=${after}&limit=5000`,
    );
    const page = (await response.json()) as { points: Point[]; next_seq: number };
    if (page.points.length === 0) return points;
    points.push(...page.points);
    after = page.next_seq;
  }
}

test("a new user starts a run, controls it, and loses nothing when the server dies", async ({
  browser,
}) => {
  test.setTimeout(420_000);
  const dashboard = await Dashboard.create();
  try {
    await dashboard.start();
    const context = await browser.newContext({ baseURL: dashboard.url });
    const page = await context.newPage();
    const run = new RunPage(page);

    await test.step("the first visit offers a training run, and one click starts it", async () => {
      await page.goto("/");
      await expect(page).toHaveURL(/\/runs$/);
      await expect(page.getByRole("heading", { name: "Start a training run" })).toBeVisible();
      await page.getByRole("button", { name: "Start training" }).click();
      await expect(page).toHaveURL(/\/runs\/job_/);
      await run.expectStatus("running");
      await run.expectConnection("live");
    });

    await test.step("loss falls on a live panel without a reload", async () => {
      await page.evaluate(() => {
        (window as { sameDocument?: boolean }).sameDocument = true;
      });
      await expect(run.summary("train/loss")).toBeAttached({ timeout: 60_000 });
      const first = await run.lastValue("train/loss");
      await expect
        .poll(async () => (await run.lastValue("train/loss")).value, { timeout: 90_000 })
        .toBeLessThan(Math.min(first.value, 3) * 0.8);
      expect((await run.lastValue("train/loss")).step).toBeGreaterThan(first.step);
    });

    const pausedAt = await test.step("pause holds it at a step", async () => {
      await run.button("Pause").click();
      await run.expectStatus("paused");
      await expect(page.getByText(/applied at step/).first()).toBeVisible();
      const step = await run.step();
      // The panel's words for screen readers follow within two seconds; from the first heartbeat,
      // which may come at once, to the second it is five.
      await heartbeats(dashboard, run.id, 2);
      const seen = await run.lastValue("train/loss");
      // Two heartbeats of the backend (5 s each) must bring no further step.
      const beats = await heartbeats(dashboard, run.id, 2);
      expect(beats).toBe(2);
      expect(await run.step()).toBe(step);
      expect(await run.lastValue("train/loss")).toEqual(seen);
      return step;
    });

    await test.step("resume continues from that step", async () => {
      await run.button("Resume").click();
      await run.expectStatus("running");
      await run.expectStepBeyond(pausedAt + 3);
    });

    const rate = await test.step("a new learning rate applies from the step it names", async () => {
      await run.button("Change learning rate").click();
      const field = page.getByRole("spinbutton", { name: "New value" });
      await field.fill("5e-4");
      await field.press("Tab");
      await page.getByRole("button", { name: "Apply" }).click();
      await expect(page.locator('[data-command-status="applied"]')).toContainText(/learning rate/, {
        timeout: 30_000,
      });
      const reply = await dashboard.api("GET", `/api/training/local/${run.id}/commands`);
      const { commands } = (await reply.json()) as {
        commands: { type: string; applied_step: number }[];
      };
      const step = commands.find((command) => command.type === "update_params")?.applied_step ?? 0;
      expect(step).toBeGreaterThan(pausedAt);
      await run.expectStepBeyond(step + 3);
      return step;
    });

    await test.step("the web server is killed: the page says so, and recovers by itself", async () => {
      const before = await run.step();
      kill((await dashboard.runtime()).services.web);
      await run.expectConnection("reconnecting");
      await run.expectConnection("live", 90_000);
      await run.expectStepBeyond(before + 3);
    });

    await test.step("everything is killed and started again", async () => {
      await dashboard.end("SIGKILL");
      await run.expectConnection("reconnecting");
      await dashboard.start();
      await run.expectConnection("live", 90_000);
      await run.expectStatus("running", 90_000);
      const before = await run.step();
      await run.expectStepBeyond(before + 3);
    });

    await test.step("stop asks for confirmation, says what is kept, and ends the run", async () => {
      await run.button("Stop").click();
      const dialog = page.getByRole("alertdialog");
      await expect(dialog).toContainText(/checkpoint/i);
      await dialog.getByRole("button", { name: "Stop run" }).click();
      await run.expectStatus("cancelled", 90_000);
      await run.expectConnection("ended", 60_000);
    });

    await test.step("nothing is missing", async () => {
      expect(await page.evaluate(() => (window as { sameDocument?: boolean }).sameDocument)).toBe(
        true,
      );
      const points = await allPoints(dashboard, run.id);
      const losses = points.filter((point) => point.name === "train/loss");
      const steps = [...new Set(losses.map((point) => point.step))].sort((a, b) => a - b);
      expect(steps[0]).toBe(1);
      expect(steps.at(-1)).toBe(steps.length);
      // Steps trained again after the crash came out the same to the last digit.
      const byStep = new Map<number, number>();
      for (const { step, value } of losses) {
        expect(value, `loss at step ${step}`).toBe(byStep.get(step) ?? value);
        byStep.set(step, value);
      }
      const rates = points.filter((point) => point.name === "train/learning_rate");
      const at = (step: number) => rates.find((point) => point.step === step)?.value ?? 0;
      expect(at(rate)).toBeLessThan(at(rate - 1) / 2);
      await expect.poll(async () => (await run.lastValue("train/loss")).step).toBe(steps.length);
    });
  } finally {
    await dashboard.remove();
  }
});

/** Waits until the run's heartbeat has moved `count` times. */
async function heartbeats(dashboard: Dashboard, id: string, count: number): Promise<number> {
  let last = "";
  let moved = -1;
  await expect
    .poll(
      async () => {
        const job = (await (await dashboard.api("GET", `/api/training/${id}`)).json()) as {
          heartbeat_at: string;
        };
        if (job.heartbeat_at !== last) moved += 1;
        last = job.heartbeat_at;
        return moved;
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(count);
  return count;
}
