import { readFile } from "node:fs/promises";
import { Dashboard } from "./kit/dashboard";
import { PythonScript } from "./kit/python-script";
import { RunPage } from "./kit/run-page";
import { expect, test } from "./kit/test";

const id = "plain-loop";
const noPython = "There is no Python 3.9 or newer here.";

interface Point {
  name: string;
  value: number;
  step: number;
}

async function storedPoints(dashboard: Dashboard): Promise<Point[]> {
  const points: Point[] = [];
  for (let after = 0; ; ) {
    const path = `/api/learning/jobs/${id}/metrics?after_seq=${after}&limit=5000`;
    const page = (await (await dashboard.api("GET", path)).json()) as {
      points: Point[];
      next_seq: number;
    };
    if (page.points.length === 0) return points;
    points.push(...page.points);
    after = page.next_seq;
  }
}

/** The database holds each step once, in order, with the values that the script wrote down. */
async function expectNothingLostOrDoubled(dashboard: Dashboard, script: PythonScript) {
  const points = await storedPoints(dashboard);
  const losses = points.filter(({ name }) => name === "train/loss");
  const rates = points.filter(({ name }) => name === "train/learning_rate");
  const steps = losses.map(({ step }) => step);
  expect(steps).toEqual(steps.map((_, index) => index));
  expect(rates.map(({ step }) => step)).toEqual(steps);
  const notes = await script.notes();
  for (const { step, loss, rate } of notes) {
    expect([step, losses[step]?.value, rates[step]?.value]).toEqual([step, loss, rate]);
  }
  // A step may be missing from the notes only where the script was killed between logging and noting.
  expect(steps.length - notes.length).toBeLessThanOrEqual(1);
  return steps.length;
}

test("a plain Python loop is watched and controlled in the browser", async ({
  page,
  dashboard,
}) => {
  const script = await PythonScript.create(dashboard);
  test.skip(script === null, noPython);
  if (!script) return;
  const run = new RunPage(page);
  try {
    await page.goto("/runs");
    script.start(100_000, 0.02);

    await test.step("it appears without a reload", async () => {
      await page.getByRole("link", { name: "A plain Python loop" }).first().click();
      await expect(page).toHaveURL(/\/runs\/plain-loop/);
      await run.expectStatus("running");
      await run.expectStepBeyond(5);
    });

    await test.step("pause holds it at a step boundary, while heartbeats continue", async () => {
      await run.button("Pause").click();
      await run.expectStatus("paused");
      await expect(page.getByText(/applied at step/).first()).toBeVisible();
      const held = (await script.notes()).length;
      const beatAt = async () =>
        (
          (await (await dashboard.api("GET", `/api/training/${id}`)).json()) as Record<
            string,
            string
          >
        ).heartbeat_at;
      const before = await beatAt();
      await expect.poll(beatAt).not.toBe(before);
      expect(await script.notes()).toHaveLength(held);
    });

    await test.step("it resumes", async () => {
      const before = await run.step();
      await run.button("Resume").click();
      await run.expectStatus("running");
      await run.expectStepBeyond(before + 3);
    });

    await test.step("its learning rate changes at the step that is named", async () => {
      await run.button("Change learning rate").click();
      const field = page.getByRole("spinbutton", { name: "New value" });
      await field.fill("0.025");
      await field.press("Tab");
      await page.getByRole("button", { name: "Apply" }).click();
      await expect(page.locator('[data-command-status="applied"]')).toContainText(/learning rate/);
      const reply = await dashboard.api("GET", `/api/training/local/${id}/commands`);
      const { commands } = (await reply.json()) as {
        commands: { type: string; applied_step: number }[];
      };
      const from = commands.find(({ type }) => type === "update_params")?.applied_step ?? 0;
      expect(from).toBeGreaterThan(0);
      await run.expectStepBeyond(from + 3);
      for (const { step, rate } of await script.notes()) {
        expect([step, rate]).toEqual([step, step < from ? 0.1 : 0.025]);
      }
    });

    await test.step("it stops, and nothing is missing", async () => {
      await run.button("Stop").click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Stop run" }).click();
      await run.expectStatus("cancelled");
      expect(await script.ended(), script.errors).toBe(0);
      await expectNothingLostOrDoubled(dashboard, script);
    });
  } finally {
    await script.remove();
  }
});

test("a Python run survives the death of the dashboard and its own", async () => {
  test.setTimeout(300_000);
  const dashboard = await Dashboard.create();
  const script = await PythonScript.create(dashboard);
  try {
    test.skip(script === null, noPython);
    if (!script) return;
    const logged = async () => (await script.notes()).length;
    await dashboard.start();
    script.start(100_000, 0.01);
    await expect.poll(logged).toBeGreaterThan(100);

    await dashboard.end("SIGKILL");
    const atOutage = await logged();
    await expect.poll(logged).toBeGreaterThan(atOutage + 150);
    await script.kill();
    const atDeath = await logged();
    script.start(100_000, 0.01);
    await expect.poll(logged).toBeGreaterThan(atDeath + 50);
    await dashboard.start();
    const atReturn = await logged();
    await expect.poll(logged).toBeGreaterThan(atReturn + 50);

    // The job is lost or running by now; it takes a stop in either state.
    const stop = await dashboard.api("POST", `/api/training/local/${id}/control`, {
      action: "stop",
    });
    expect(stop.status).toBe(202);
    expect(await script.ended(), script.errors).toBe(0);
    const job = (await (await dashboard.api("GET", `/api/training/${id}`)).json()) as {
      status: string;
    };
    expect(job.status).toBe("cancelled");
    const steps = await expectNothingLostOrDoubled(dashboard, script);
    expect(steps).toBeGreaterThan(atReturn + 50);
  } finally {
    await script?.remove();
    await dashboard.remove();
  }
});

test("a run is followed in the event loop that trains it", async ({ dashboard }) => {
  const script = await PythonScript.create(dashboard);
  test.skip(script === null, noPython);
  if (!script) return;
  try {
    script.run(await readFile("e2e/kit/python_streaming.py", "utf8"));
    expect(await script.ended(), script.errors).toBe(0);
    const steps = Array.from({ length: 40 }, (_, step) => step);
    expect(JSON.parse(script.output.split("\nresult ")[1] ?? "null")).toEqual({
      statuses: ["succeeded", "succeeded", "succeeded"],
      last: "succeeded",
      losses: 40,
      series: steps.map((step) => ["train/loss", step]),
      lines: 40,
      polled: [40, 80],
      stored: [[1], ["b"]],
    });
    // Without handlers, messages are printed.
    expect(script.output).toMatch(/metrics train\/grad_norm 1 step 39\n/);
  } finally {
    await script.remove();
  }
});
