import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { attachRun, expect, ingest, test } from "./kit/test";

const rates = [1e-3, 1e-3, 3e-3];

/** Which runs' series the page reads from now on, a request each. */
function listenForReads(page: Page) {
  const reads: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === "/api/training/metrics") reads.push(url.searchParams.get("runs") ?? "");
  });
  return () => reads;
}

const hide = (page: Page, run: number) => pressEye(page, run, "Hide");
const show = (page: Page, run: number) => pressEye(page, run, "Show");

async function pressEye(page: Page, run: number, word: "Hide" | "Show") {
  await page.locator(`[data-legend="cmp-${run}"]`).hover();
  await page.getByRole("button", { name: `${word} Compared ${run}` }).click();
}

test("runs are overlaid, follow live, group, and tell what differs", async ({
  dashboard,
  page,
}) => {
  const tokens: string[] = [];
  for (const [i, rate] of rates.entries()) {
    const id = `cmp-${i}`;
    const token = await attachRun(dashboard, {
      job_id: id,
      name: `Compared ${i}`,
      config: { learning_rate: rate, batch_size: 32, seed: i },
      total_steps: 1000,
    });
    tokens.push(token);
    await ingest(dashboard, token, "metrics", {
      job_id: id,
      points: Array.from({ length: 200 }, (_, step) => ({
        name: "train/loss",
        step,
        value: 2 / (1 + step * rate * 10) + i / 10,
      })),
    });
  }

  await test.step("from the runs page's selection", async () => {
    await page.goto("/runs?q=Compared");
    for (const i of rates.keys()) await page.getByLabel(`Select Compared ${i}`).click();
    await page.getByRole("toolbar", { name: "Selected runs" }).getByText("Compare").click();
    await expect(page).toHaveURL(/\/compare\?runs=/);
  });
  const panel = page.locator('[data-series="train/loss"]');
  await expect(panel).toHaveAttribute("data-lines", "3");

  await test.step("the legend highlights and hides, and reads nothing again for it", async () => {
    const reads = listenForReads(page);
    await page.locator('[data-legend="cmp-1"]').hover();
    await expect(panel).toContainText("Compared 1");
    await hide(page, 1);
    await expect(panel).toHaveAttribute("data-lines", "2");
    await ingest(dashboard, tokens[1] ?? "", "metrics", {
      job_id: "cmp-1",
      points: [{ name: "train/loss", step: 300, value: 0.03125 }],
    });
    await expect(page.locator('[data-legend="cmp-1"]')).toContainText("300");
    await show(page, 1);
    await expect(panel).toHaveAttribute("data-lines", "3");
    await expect(panel).toContainText("0.03125");
    expect(reads()).toEqual([]);
  });

  await test.step("a run that was never read is read alone, and added or hidden at no cost", async () => {
    await page.goto("/compare?runs=cmp-0,cmp-1,cmp-2&hidden=cmp-1");
    await expect(panel).toHaveAttribute("data-lines", "2");
    const reads = listenForReads(page);
    const series = "**/api/training/metrics?*";
    await page.route(series, (route) => route.fulfill({ status: 400, json: {} }));
    await show(page, 1);
    const again = panel.getByRole("button", { name: "Some data could not be loaded. Try again" });
    await expect(again).toBeVisible();
    await expect(panel).toHaveAttribute("data-lines", "2");
    await page.unroute(series);
    await again.click();
    await expect(panel).toHaveAttribute("data-lines", "3");
    await expect(again).toBeHidden();
    await hide(page, 0);
    await expect(panel).toHaveAttribute("data-lines", "2");
    await show(page, 0);
    await expect(panel).toHaveAttribute("data-lines", "3");
    await page.locator('[data-legend="cmp-2"]').hover();
    await page.getByRole("button", { name: "Remove Compared 2" }).click();
    await expect(panel).toHaveAttribute("data-lines", "2");
    expect(reads()).toEqual(["cmp-1", "cmp-1"]);
    await hide(page, 0);
    await hide(page, 1);
    await expect(panel).toContainText("All runs are hidden");
    await page.goto("/compare?runs=cmp-0,cmp-1,cmp-2");
    await expect(panel).toHaveAttribute("data-lines", "3");
  });

  await test.step("new points arrive without a reload", async () => {
    await ingest(dashboard, tokens[2] ?? "", "metrics", {
      job_id: "cmp-2",
      points: [{ name: "train/loss", step: 400, value: 0.0625 }],
    });
    await page.locator('[data-legend="cmp-2"]').hover();
    await expect(panel).toContainText("0.0625");
    await expect(panel).toContainText("step 400");
  });

  await test.step("zoom is shared by the URL and goes back", async () => {
    const plot = panel.locator(".u-over");
    const box = await plot.boundingBox();
    if (!box) throw new Error("The plot has no place.");
    await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await expect(page).toHaveURL(/from=\d+.*to=\d+/);
    await page.getByRole("button", { name: /: reset zoom/ }).click();
    await expect(page).not.toHaveURL(/from=/);
  });

  await test.step("axes, log and smoothing are those of the run page, and live in the URL", async () => {
    await page.getByRole("combobox", { name: "X axis of all panels" }).click();
    await page.getByRole("option", { name: "Relative time" }).click();
    await expect(page).toHaveURL(/axis=relative/);
    await page.getByRole("switch", { name: "Log scale" }).click();
    await page.locator('[data-legend="cmp-2"]').hover();
    await expect(panel).toContainText("0.0625");
    await expect(panel).not.toContainText("step 400");
    await page.reload();
    await expect(panel).toHaveAttribute("data-lines", "3");
    await page.getByRole("combobox", { name: "X axis of all panels" }).click();
    await page.getByRole("option", { name: "Step", exact: true }).click();
    await expect(page).not.toHaveURL(/axis=/);
    // Only then has the panel been drawn by step: a chart made anew knows of no pointer.
    await page.locator('[data-legend="cmp-2"]').hover();
    await expect(panel).toContainText("step 400");
  });

  await test.step("all values stand under the pointer, and are saved", async () => {
    await panel.locator(".u-over").hover();
    await expect(panel.locator("[data-tooltip] li").first()).toBeVisible();
    await page.getByRole("button", { name: "Options for train/loss" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Save as CSV" }).click();
    const file = await download;
    const rows = (await readFile(await file.path())).toString().trim().split("\r\n");
    expect(rows[0]).toMatch(/^run,step_first/);
    expect(rows.at(-1)).toMatch(/^Compared 2,400,400,0.0625,/);
  });

  await test.step("grouping draws a line for each value", async () => {
    await page.getByRole("combobox", { name: "Group by" }).click();
    await page.getByRole("option", { name: "By learning_rate" }).click();
    await expect(page).toHaveURL(/group=config\.learning_rate/);
    await expect(panel).toHaveAttribute("data-lines", "2");
  });

  await test.step("differences, values, scatter and parallel axes", async () => {
    await page.getByRole("tab", { name: "Differences" }).click();
    const table = page.getByRole("table", { name: "Differences" });
    await expect(table.getByRole("rowheader", { name: "learning_rate" })).toBeVisible();
    await expect(table.getByRole("rowheader", { name: "batch_size" })).toBeHidden();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).click();
    const rows = (await readFile(await (await download).path())).toString().split("\r\n");
    expect(rows[0]).toBe("key,Compared 0,Compared 1,Compared 2");
    expect(rows).toContain("learning_rate,0.001,0.001,0.003");
    await page.getByRole("tab", { name: "Values" }).click();
    await expect(page.getByRole("table", { name: "Values" })).toContainText("0.0625");
    await page.getByRole("tab", { name: "Scatter" }).click();
    await expect(page.locator("[data-point]")).toHaveCount(3);
    await page.getByRole("tab", { name: "Parallel" }).click();
    await expect(page.locator("[data-path]")).toHaveCount(3);
  });
});

test("the palette finds runs, pages and saved views", async ({ dashboard, page }) => {
  await attachRun(dashboard, { job_id: "palette-run", name: "Palette target" });
  await page.goto("/compare");
  await page.keyboard.press("ControlOrMeta+k");
  await page.keyboard.type("Palette target");
  await page.getByRole("option", { name: /Palette target/ }).click();
  await expect(page).toHaveURL(/\/runs\/palette-run/);
});

test("compared runs are followed by one stream, also when one is deleted or begins anew", async ({
  dashboard,
  page,
}) => {
  const begin = async (id: string, value: number) => {
    const token = await attachRun(dashboard, { job_id: id, name: `Anew ${id}` });
    const send = (from: number, to: number, value: number) =>
      ingest(dashboard, token, "metrics", {
        job_id: id,
        points: Array.from({ length: to - from }, (_, index) => {
          return { name: "train/loss", step: from + index, value };
        }),
      });
    await send(0, 50, value);
    return send;
  };
  const remove = async (id: string) => {
    await dashboard.api("POST", `/api/training/local/${id}/status`, { status: "succeeded" });
    expect((await dashboard.api("DELETE", `/api/training/${id}`)).ok).toBe(true);
  };
  const streams: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname === "/api/training/stream") streams.push(url.searchParams.get("runs") ?? "");
  });
  const sendFirst = await begin("anew-0", 1);
  await begin("anew-1", 2);
  await page.goto("/compare?runs=anew-0,anew-1");
  const panel = page.locator('[data-series="train/loss"]');
  await expect(panel).toHaveAttribute("data-lines", "2");
  await sendFirst(50, 60, 0.03125);
  await page.locator('[data-legend="anew-0"]').hover();
  await expect(panel).toContainText("0.03125");
  expect(streams).toEqual(["anew-0,anew-1"]);

  await test.step("a deleted run leaves the comparison and is named", async () => {
    await remove("anew-1");
    await expect(page.getByText("No longer available: anew-1")).toBeVisible();
    await expect(panel).toHaveAttribute("data-lines", "1");
  });

  await test.step("a run that begins anew is read anew, and followed from there", async () => {
    await remove("anew-0");
    const send = await begin("anew-0", 4.125);
    await page.locator('[data-legend="anew-0"]').hover();
    await expect(panel).toContainText("step 49");
    await expect(panel).toContainText("4.125");
    await send(50, 70, 0.0625);
    await expect(panel).toContainText("0.0625");
    await expect(panel).toContainText("step 69");
  });

  await test.step("a panel fills the window, and leaves it by Escape", async () => {
    await panel.hover();
    await page.getByRole("button", { name: "Options for train/loss" }).click();
    await page.getByRole("menuitem", { name: "Full screen" }).click();
    await expect(page).toHaveURL(/full=train/);
    await expect(page.getByRole("menu")).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(page).not.toHaveURL(/full=/);
  });
});
