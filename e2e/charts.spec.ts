import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { attachRun, expect, ingest, test } from "./kit/test";

const steps = 4000;
const spike = 2345;

/** A run with a spike at one step and a NaN at another, two epochs long, ten steps a second. */
test.beforeAll(async ({ dashboard }) => {
  const token = await attachRun(dashboard, { job_id: "charts", total_steps: steps });
  const start = Date.now() - steps * 100;
  for (let from = 0; from < steps; from += 1000) {
    const metrics = Array.from({ length: 1000 }, (_, index) => {
      const step = from + index;
      return {
        step,
        epoch: step / 2000,
        timestamp: start + step * 100,
        "train/loss": step === spike ? 99 : step === 3000 ? "NaN" : 2 + (step % 3) / 10,
        "train/grad_norm": 1 + (step % 5),
        ...(step % 500 === 0 && { "eval/loss": 3 - step / steps }),
      };
    });
    await ingest(dashboard, token, "metrics", { job_id: "charts", metrics });
  }
  await ingest(dashboard, token, "charts/status", { status: "succeeded" });
});

const panel = (page: Page, name: string) => page.locator(`[data-series="${name}"]`);
const plot = (page: Page, name: string) => panel(page, name).locator(".u-over");
const param = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

/** Drags across a panel's plot between two parts of its width. */
async function drag(page: Page, name: string, from: number, to: number): Promise<void> {
  const box = await plot(page, name).boundingBox();
  if (!box) throw new Error(`No plot of ${name}.`);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 4 });
  await page.mouse.move(box.x + box.width * to, y, { steps: 4 });
  await page.mouse.up();
}

test("a drag zooms all panels down to raw points, where the spike still stands; a double-click goes back", async ({
  page,
}) => {
  await page.goto("/runs/charts");
  await expect(panel(page, "train/loss")).toContainText(/highest 99.* at steps 2,3/);
  await expect(panel(page, "train/loss")).toContainText("1 value is not finite");

  await drag(page, "train/grad_norm", 0.55, 0.65);
  await expect.poll(() => Number(param(page, "from"))).toBeGreaterThan(2100);
  await expect.poll(() => Number(param(page, "to"))).toBeLessThan(2700);
  const first = { from: param(page, "from"), to: param(page, "to") };
  await expect(panel(page, "train/loss")).toContainText("highest 99 at step 2,345");
  await expect(panel(page, "train/loss")).not.toContainText("not finite");
  await expect(
    page.getByRole("button", { name: /^steps 2,\d+–2,\d+ ?: reset zoom/ }),
  ).toBeVisible();

  await drag(page, "train/loss", 0.3, 0.7);
  await expect.poll(() => Number(param(page, "from"))).toBeGreaterThan(Number(first.from));
  await plot(page, "train/loss").dblclick();
  await expect.poll(() => param(page, "from")).toBe(first.from);
  await plot(page, "train/loss").dblclick();
  await expect.poll(() => param(page, "from")).toBeNull();
  await expect(panel(page, "train/loss")).toContainText("1 value is not finite");
});

test("shift-drag moves the picture, and keeps how many steps it shows", async ({ page }) => {
  await page.goto("/runs/charts?from=1000&to=1500");
  await expect(panel(page, "train/loss")).toContainText(/last \S+ at step 1,500/);
  await page.keyboard.down("Shift");
  await drag(page, "train/loss", 0.8, 0.3);
  await page.keyboard.up("Shift");
  await expect.poll(() => Number(param(page, "from"))).toBeGreaterThan(1200);
  expect(Number(param(page, "to")) - Number(param(page, "from"))).toBe(500);
});

test("the crosshair is shared by all panels until that is switched off", async ({ page }) => {
  await page.goto("/runs/charts?from=2300&to=2400");
  const reading = (name: string) => panel(page, name).locator("[data-reading]");
  await plot(page, "train/loss").hover();
  await expect(reading("train/grad_norm")).toHaveAttribute("data-reading", "crosshair");
  const at = /step 2,3\d\d/.exec((await reading("train/loss").textContent()) ?? "")?.[0] ?? "none";
  await expect(reading("train/grad_norm")).toContainText(at);

  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByRole("switch", { name: "Sync zoom and crosshair" }).click();
  await page.keyboard.press("Escape");
  await expect(panel(page, "train/loss")).toContainText("highest 99");
  await plot(page, "train/loss").hover();
  await expect(reading("train/loss")).toHaveAttribute("data-reading", "crosshair");
  await expect(reading("train/grad_norm")).toHaveAttribute("data-reading", "last");
  await drag(page, "train/loss", 0.2, 0.5);
  await expect.poll(() => param(page, "own")).toContain("train/loss");
  await expect(panel(page, "train/loss")).not.toContainText("step 3,999");
  await expect(panel(page, "train/grad_norm")).toContainText("step 3,999");
});

test("axes, smoothing and outliers are set for all panels or for one, and live in the URL", async ({
  page,
}) => {
  await page.goto("/runs/charts");
  await page.getByRole("combobox", { name: "X axis of all panels" }).click();
  await page.getByRole("option", { name: "Epoch" }).click();
  await expect(panel(page, "train/loss")).toContainText("epoch 1.999 · step 3,999");
  await expect(panel(page, "eval/loss")).toContainText("epoch 1.750 · step 3,500");
  await drag(page, "train/loss", 0.5, 0.75);
  await expect.poll(() => param(page, "shown")).toMatch(/^epoch:/);
  await expect(panel(page, "train/loss")).toContainText("highest 99 at step");
  await page.reload();
  await expect(panel(page, "train/loss")).toContainText("highest 99 at step");

  await panel(page, "train/loss").hover();
  await page.getByRole("button", { name: "Options for train/loss" }).click();
  await page.getByRole("menuitem", { name: "Settings…" }).click();
  const dialog = page.getByRole("dialog", { name: "Settings for train/loss" });
  await dialog.getByRole("combobox", { name: "X axis" }).click();
  await page.getByRole("option", { name: "Relative time" }).click();
  await dialog.getByRole("switch", { name: "Logarithmic y axis" }).click();
  await dialog.getByRole("button", { name: "Close" }).click();
  expect(JSON.parse(param(page, "own") ?? "{}")).toEqual({
    "train/loss": { axis: "relative", logY: true },
  });
  await expect(panel(page, "train/loss")).toContainText(/\dm \d\ds · step/);
  await expect(panel(page, "train/grad_norm")).toContainText(/epoch 1\.\d+ · step/);
});

test("panels are found by a regular expression, pinned, put in order and shown full screen", async ({
  page,
}) => {
  await page.goto("/runs/charts");
  const shown = () =>
    page.locator("[data-series]").evaluateAll((all) => all.map((each) => each.dataset.series));
  const option = async (name: string, item: string) => {
    await panel(page, name).hover();
    await page.getByRole("button", { name: `Options for ${name}` }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };
  await expect.poll(shown).toEqual(["train/loss", "train/grad_norm", "eval/loss"]);
  await page.getByRole("searchbox", { name: "Search panels" }).fill("^(train|eval)/lo");
  await expect.poll(shown).toEqual(["train/loss", "eval/loss"]);
  await page.getByRole("button", { name: "Clear search" }).click();
  await option("train/grad_norm", "Move earlier");
  await expect.poll(shown).toEqual(["train/grad_norm", "train/loss", "eval/loss"]);
  await option("eval/loss", "Pin");
  await expect.poll(shown).toEqual(["eval/loss", "train/grad_norm", "train/loss"]);
  await page.reload();
  await expect.poll(shown).toEqual(["eval/loss", "train/grad_norm", "train/loss"]);

  await option("train/loss", "Full screen");
  await expect.poll(async () => (await panel(page, "train/loss").boundingBox())?.width).toBe(1424);
  // While the menu is still closing, the key is the menu's.
  await expect(page.getByRole("menu")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect
    .poll(async () => (await panel(page, "train/loss").boundingBox())?.width)
    .toBeLessThan(700);
});

test("a panel is saved as SVG, PNG and CSV, twice the same", async ({ page }) => {
  await page.goto("/runs/charts?from=2340&to=2349");
  await expect(panel(page, "train/loss")).toContainText("highest 99 at step 2,345");
  const save = async (item: string) => {
    await panel(page, "train/loss").hover();
    await page.getByRole("button", { name: "Options for train/loss" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: item }).click();
    const file = await download;
    return { name: file.suggestedFilename(), content: await readFile(await file.path()) };
  };
  const csv = await save("Save as CSV");
  expect(csv.name).toBe("charts_train-loss.csv");
  const rows = csv.content.toString().trim().split("\r\n");
  expect(rows).toHaveLength(11);
  expect(rows[6]).toBe("2345,2345,99,99,99,99,1,0");
  const svg = await save("Save as SVG");
  expect(svg.content.toString()).toMatch(/^<svg .*train\/loss.*<\/svg>$/);
  expect((await save("Save as SVG")).content.equals(svg.content)).toBe(true);
  const png = await save("Save as PNG");
  expect(png.content.subarray(1, 4).toString()).toBe("PNG");
});

test("several series stand in one panel: chosen, found by an expression, shown, saved and removed", async ({
  page,
}) => {
  await page.goto("/runs/charts");
  await page.getByRole("button", { name: "New panel…" }).click();
  const dialog = page.getByRole("dialog", { name: "New panel" });
  await dialog.getByRole("checkbox", { name: "train/grad_norm" }).click();
  await dialog.getByLabel("Also include series that match").fill("loss$");
  await expect(dialog).toContainText("3 series");
  await dialog.getByLabel("Title").fill("Losses");
  await dialog.getByRole("button", { name: "Add panel" }).click();
  const mine = panel(page, "~1");
  await expect(mine).toHaveAttribute("data-lines", "3");
  await expect(mine).toContainText("eval/loss: last 2.125 at step 3,500");
  expect(JSON.parse(param(page, "custom") ?? "[]")).toEqual([
    { id: "1", title: "Losses", names: ["train/grad_norm"], match: "loss$" },
  ]);

  await test.step("all its values stand under the pointer, and the legend highlights", async () => {
    await plot(page, "~1").hover();
    await expect(mine.locator("[data-tooltip] li")).toHaveCount(3);
    const entry = mine.locator('[data-line="eval/loss"]');
    await entry.hover();
    await expect(entry).toHaveAttribute("data-highlighted", "true");
    await expect(mine.locator("[data-tooltip]")).toHaveCount(0);
  });

  await test.step("it zooms with all others, and has settings of its own", async () => {
    await drag(page, "~1", 0.5, 0.7);
    await expect.poll(() => Number(param(page, "from"))).toBeGreaterThan(1900);
    await expect(mine).toContainText(/train\/loss: .*highest 99 /);
    await page.reload();
    await expect(mine).toContainText(/train\/loss: .*highest 99 /);
  });

  await test.step("all of it is in the CSV", async () => {
    await mine.hover();
    await page.getByRole("button", { name: "Options for Losses" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Save as CSV" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("charts_Losses.csv");
    const rows = (await readFile(await file.path())).toString().trim().split("\r\n");
    expect(rows[0]).toMatch(/^series,step_first/);
    expect(new Set(rows.slice(1).map((row) => row.split(",")[0]))).toEqual(
      new Set(["train/grad_norm", "train/loss", "eval/loss"]),
    );
  });

  await test.step("its series are changed, and it goes", async () => {
    const option = async (item: string) => {
      await mine.hover();
      await page.getByRole("button", { name: "Options for Losses" }).click();
      await page.getByRole("menuitem", { name: item }).click();
    };
    await option("Edit series…");
    const form = page.getByRole("dialog", { name: "Edit series" });
    await form.getByLabel("Also include series that match").fill("");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(mine).toHaveAttribute("data-lines", "1");
    await option("Remove panel");
    await expect(mine).toHaveCount(0);
    await expect.poll(() => param(page, "custom")).toBeNull();
  });
});

test("the epoch axis follows a live run, whose points come without epochs", async ({
  dashboard,
  page,
}) => {
  const token = await attachRun(dashboard, { job_id: "live-epochs", total_steps: 1000 });
  const send = (from: number, to: number, epochOf: (step: number) => number) =>
    ingest(dashboard, token, "metrics", {
      job_id: "live-epochs",
      metrics: Array.from({ length: to - from }, (_, index) => ({
        step: from + index,
        epoch: epochOf(from + index),
        "train/loss": 1 / (1 + from + index),
      })),
    });
  await send(0, 100, (step) => step / 100);
  await page.goto("/runs/live-epochs?x=epoch");
  await expect(panel(page, "train/loss")).toContainText("epoch 0.9900 · step 99");
  // Four times the pace from here on: by the series' own pace, step 199 would be epoch 1.99.
  await send(100, 200, (step) => 1 + (step - 100) / 25);
  await expect(panel(page, "train/loss")).toContainText("epoch 4.960 · step 199");
});
