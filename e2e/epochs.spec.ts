import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import type { Dashboard } from "./kit/dashboard";
import { attachRun, expect, ingest, quickConfig, test } from "./kit/test";

interface Sent {
  epoch: number;
  sample_index: number;
  prompt: string;
  prediction: string;
  ground_truth: string;
  char_error_rate: number;
}

/** The same numbers every time, spread over 0 to 1. */
function spread(...seeds: number[]): number {
  const value =
    Math.sin(seeds.reduce((sum, seed, at) => sum + seed * (at * 31.7 + 12.9), 1)) * 43758;
  return value - Math.floor(value);
}

/** Predictions whose error falls from epoch to epoch, for some samples more than for others. */
function course(samples: number, epochs: number): Sent[] {
  return Array.from({ length: samples * epochs }, (_, at) => {
    const epoch = Math.floor(at / samples);
    const sample = at % samples;
    const right = spread(sample, epoch) < epoch / epochs;
    const error = right ? 0 : Math.round(spread(epoch, sample, 7) * 90 + 10) / 100;
    return {
      epoch,
      sample_index: sample,
      prompt: `word ${sample}`,
      prediction: right ? `truth of ${sample}` : `guess ${epoch} at ${sample}`,
      ground_truth: `truth of ${sample}`,
      char_error_rate: error,
    };
  });
}

async function send(dashboard: Dashboard, token: string, jobId: string, sent: readonly Sent[]) {
  for (let from = 0; from < sent.length; from += 1000) {
    await ingest(dashboard, token, "predictions", {
      job_id: jobId,
      predictions: sent.slice(from, from + 1000).map((each) => ({
        ...each,
        step: each.epoch * 100,
        exact_match: each.prediction === each.ground_truth,
      })),
    });
  }
}

const tab = (jobId: string, query = "") => `/runs/${jobId}?tab=epochs${query}`;
const shown = (page: Page): Locator => page.locator("[data-epoch]");
const slider = (page: Page): Locator => page.getByRole("slider", { name: "Epoch", exact: true });
const rows = (page: Page): Locator =>
  page.getByRole("table", { name: "Predictions", exact: true }).locator("button[data-sample]");

async function order(page: Page): Promise<number[]> {
  return rows(page).evaluateAll((buttons) =>
    buttons
      .map((button) => ({
        place: Number(button.getAttribute("data-place")),
        sample: Number(button.getAttribute("data-sample")),
      }))
      .sort((a, b) => a.place - b.place)
      .map(({ sample }) => sample),
  );
}

/** Clicks the middle of a cell of the learning map. */
async function clickCell(page: Page, place: number, epochIndex: number): Promise<void> {
  const grid = page.getByRole("grid", { name: /Learning map/ });
  await grid.scrollIntoViewIfNeeded();
  const [gutter = 0, rowHeight = 0, columnWidth = 0] = await grid.evaluate((element) =>
    ["gutter", "rowHeight", "columnWidth"].map((name) => Number(element.dataset[name])),
  );
  await grid.click({
    position: { x: gutter + (epochIndex + 0.5) * columnWidth, y: (place + 0.5) * rowHeight },
  });
}

test("while a real run trains, its epochs appear by push", async ({ dashboard, page }) => {
  const started = await dashboard.api("POST", "/api/training/jobs", {
    kind: "sft",
    name: "epochs-live",
    config: quickConfig,
  });
  expect(started.status).toBe(201);
  const { id } = (await started.json()) as { id: string };
  await page.goto(tab(id));
  await expect(slider(page)).toBeVisible({ timeout: 90_000 });
  await page.evaluate(() => {
    (window as { sameDocument?: boolean }).sameDocument = true;
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const last = async () => Number(await slider(page).getAttribute("aria-valuemax"));

  const first = await last();
  await expect.poll(last, { timeout: 60_000 }).toBeGreaterThanOrEqual(first + 2);
  await expect(shown(page)).toHaveAttribute("data-follows", "true");
  await expect(rows(page)).toHaveCount(quickConfig.eval_samples);
  await expect(page.locator("[data-trend=exact_match]")).toBeVisible();

  await test.step("turning off follow keeps the epoch while others arrive", async () => {
    await page.keyboard.press("ArrowLeft");
    await expect(shown(page)).toHaveAttribute("data-follows", "false");
    const kept = await shown(page).getAttribute("data-epoch");
    const before = await last();
    await expect.poll(last, { timeout: 60_000 }).toBeGreaterThan(before);
    await expect(shown(page)).toHaveAttribute("data-epoch", kept ?? "");
    await page.getByRole("switch", { name: /Follow/ }).click();
    await expect(shown(page)).toHaveAttribute("data-follows", "true");
  });

  expect(await page.evaluate(() => (window as { sameDocument?: boolean }).sameDocument)).toBe(true);
  await dashboard.api("POST", `/api/training/local/${id}/control`, { action: "stop" });
  await expect(page.locator('[data-status="cancelled"]').first()).toBeVisible({ timeout: 90_000 });

  await test.step("without new predictions there are no requests", async () => {
    await expect(page.locator('[data-connection="ended"]')).toBeVisible({ timeout: 60_000 });
    const trends = () => asked.filter((path) => path.endsWith("/trends")).length;
    const epochs = (await last()) + 1;
    // At most one question for the trends a message, and none by the clock.
    expect(trends()).toBeLessThanOrEqual(epochs + 2);
  });
});

test("one scrubber drives trends, table and map", async ({ dashboard, page }) => {
  const token = await attachRun(dashboard, { job_id: "scrubbed" });
  const sent = course(30, 6);
  await send(dashboard, token, "scrubbed", sent);
  await page.goto(tab("scrubbed"));
  await expect(shown(page)).toHaveAttribute("data-epoch", "5");
  await expect(shown(page)).toHaveAttribute("data-compare", "0");

  const answer = (epoch: number, sample: number) =>
    sent.find((each) => each.epoch === epoch && each.sample_index === sample)?.prediction ?? "";
  const row = (sample: number) =>
    page.getByRole("row").filter({ has: page.locator(`button[data-sample="${sample}"]`) });
  await expect(row(3)).toContainText(answer(5, 3));

  await slider(page).press("ArrowLeft");
  await slider(page).press("ArrowLeft");
  await expect(page).toHaveURL(/epoch=3/);
  await expect(row(3)).toContainText(answer(3, 3));

  await page.getByRole("slider", { name: "Compare with epoch" }).press("ArrowRight");
  await expect(page).toHaveURL(/compare=1/);
  await expect(row(3)).toContainText(answer(1, 3));
  await page.getByRole("combobox", { name: "Compare with" }).click();
  await page.getByRole("option", { name: "Previous epoch" }).click();
  await expect(shown(page)).toHaveAttribute("data-compare", "2");

  await test.step("a click on a chart chooses its epoch", async () => {
    const chart = page.locator("[data-trend=exact_match] .recharts-surface").first();
    const box = await chart.boundingBox();
    await chart.click({ position: { x: (box?.width ?? 0) - 12, y: 40 } });
    await expect(shown(page)).toHaveAttribute("data-epoch", "5");
  });

  await test.step("it plays through to the end", async () => {
    // Each epoch is shown for a moment only, so the page itself notes them.
    await shown(page).evaluate((element) => {
      const note = () => {
        element.dataset.played = `${element.dataset.played ?? ""} ${element.dataset.epoch}`;
      };
      new MutationObserver(note).observe(element, { attributeFilter: ["data-epoch"] });
    });
    await page.getByRole("button", { name: "Play epochs" }).click();
    const played = shown(page);
    await expect(played).toHaveAttribute("data-played", /^ 0 .*5$/, { timeout: 15_000 });
    await expect(page.getByRole("button", { name: "Play epochs" })).toBeVisible();
  });
});

test("“most regressed” matches a calculation by hand", async ({ dashboard, page }) => {
  const token = await attachRun(dashboard, { job_id: "regressed" });
  const sent = course(40, 5);
  await send(dashboard, token, "regressed", sent);
  const errors = (epoch: number) =>
    new Map(
      sent
        .filter((each) => each.epoch === epoch)
        .map((each) => [each.sample_index, each.char_error_rate]),
    );
  const [then, now] = [errors(1), errors(4)];
  const change = (sample: number) => (now.get(sample) ?? 0) - (then.get(sample) ?? 0);
  const byHand = [...now.keys()].sort((a, b) => change(b) - change(a) || a - b);

  await page.goto(tab("regressed", "&epoch=4&compare=1"));
  await expect(rows(page).first()).toBeVisible();
  await page.getByRole("combobox", { name: "Sort" }).click();
  await page.getByRole("option", { name: "Most regressed" }).click();
  await expect(page).toHaveURL(/sort=regressed/);
  await expect.poll(async () => (await order(page)).slice(0, 12)).toEqual(byHand.slice(0, 12));

  await page.getByRole("combobox", { name: "Show" }).click();
  await page.getByRole("option", { name: "Regressed", exact: true }).click();
  const worse = byHand.filter((sample) => change(sample) > 0);
  await expect(page.locator(`section[data-rows="${worse.length}"]`)).toBeVisible();
  await expect.poll(async () => (await order(page)).slice(0, 12)).toEqual(worse.slice(0, 12));
});

/** Scored answers without ground truth: a reward that rises, for odd samples falls, and a verdict. */
function scoredCourse(samples: number, epochs: number) {
  return Array.from({ length: samples * epochs }, (_, at) => {
    const epoch = Math.floor(at / samples);
    const sample = at % samples;
    const drift = ((sample % 2 === 0 ? 1 : -1) * epoch * (sample + 1)) / 100;
    const reward = Math.round((spread(sample, 5) + drift) * 1000) / 1000;
    return {
      epoch,
      step: epoch * 100,
      sample_index: sample,
      prompt: `word ${sample}`,
      prediction: `answer ${epoch} to ${sample}`,
      reward,
      judge: reward > 0.6 ? "good" : reward > 0.3 ? "unsure" : "bad",
      ...(sample === 0
        ? { validation_pass: false, validation_errors: [{ path: ["age"], message: "too small" }] }
        : {}),
    };
  });
}

test("predictions are sorted, filtered, coloured and compared by any score they carry", async ({
  dashboard,
  page,
}) => {
  const token = await attachRun(dashboard, { job_id: "scored" });
  const sent = scoredCourse(24, 4);
  await ingest(dashboard, token, "predictions", { job_id: "scored", predictions: sent });
  const at = (epoch: number) => sent.filter((each) => each.epoch === epoch);
  const rewards = (epoch: number) =>
    new Map(at(epoch).map((each) => [each.sample_index, each.reward]));
  const [then, now] = [rewards(0), rewards(3)];
  const reward = (sample: number) => now.get(sample) ?? 0;
  const change = (sample: number) => reward(sample) - (then.get(sample) ?? 0);
  const samples = [...now.keys()];
  await page.goto(tab("scored"));

  await test.step("a run without ground truth leads with its scores", async () => {
    const mean = at(3).reduce((sum, each) => sum + each.reward, 0) / 24;
    await expect(page.locator('[data-trend="scores.reward"]')).toContainText(mean.toPrecision(4));
    const good = at(3).filter(({ judge }) => judge === "good").length / 24;
    const judge = page.locator('[data-trend="scores.judge"]');
    await judge.getByRole("button", { name: "Show table" }).click();
    await expect(judge.getByRole("row", { name: /^3 / })).toContainText(
      `${(good * 100).toFixed(1)}%`,
    );
    await expect(page.locator("[data-trend=char_error_rate]")).toBeHidden();
  });

  await test.step("the title of its column sorts by it, worst first", async () => {
    await page.getByRole("columnheader", { name: "reward" }).getByRole("button").click();
    await expect(page).toHaveURL(/sort=scores\.reward/);
    const byHand = samples.toSorted((a, b) => reward(a) - reward(b) || a - b);
    await expect.poll(async () => (await order(page)).slice(0, 10)).toEqual(byHand.slice(0, 10));
  });

  await test.step("“most regressed” goes by it, and the change is shown", async () => {
    await page.getByRole("combobox", { name: "Sort" }).click();
    await page.getByRole("option", { name: "Most regressed" }).click();
    const byHand = samples.toSorted((a, b) => change(a) - change(b) || a - b);
    await expect.poll(async () => (await order(page)).slice(0, 10)).toEqual(byHand.slice(0, 10));
    const worst = byHand[0] ?? 0;
    const row = page
      .getByRole("row")
      .filter({ has: page.locator(`button[data-sample="${worst}"]`) });
    await expect(row).toContainText("worse");
    await expect(row).toContainText(Math.abs(change(worst)).toPrecision(4));
    await page.getByRole("button", { name: "Compare by reward, higher is better" }).click();
    await page.getByRole("menuitemradio", { name: "Lower" }).click();
    await expect(row).toContainText("better");
    await expect.poll(async () => (await order(page))[0]).toBe(byHand.at(-1));
  });

  await test.step("a text filters to its samples", async () => {
    await page.getByRole("button", { name: "Scores", exact: true }).click();
    await page.getByRole("button", { name: /^bad/ }).click();
    const bad = at(3).filter(({ judge }) => judge === "bad");
    await expect(page.locator(`section[data-rows="${bad.length}"]`)).toBeVisible();
    await page.keyboard.press("Escape");
    await page.reload();
    await expect(page.locator(`section[data-rows="${bad.length}"]`)).toBeVisible();
    expect(new Set(await order(page))).toEqual(
      new Set(bad.map(({ sample_index }) => sample_index)),
    );
  });

  await test.step("the map shows it, and says its value", async () => {
    await page.getByRole("combobox", { name: "Colour by" }).click();
    await page.getByRole("option", { name: "judge" }).click();
    await expect(page).toHaveURL(/colour=scores\.judge/);
    const legend = page.getByRole("region", { name: "Learning map" }).getByLabel("Legend");
    await expect(legend).toContainText("good");
    const grid = page.getByRole("grid", { name: /Learning map/ });
    await grid.focus();
    await page.keyboard.press("Home");
    await expect(grid.getByRole("gridcell")).toContainText(/judge (good|unsure|bad)/);
  });

  await test.step("an open sample has its scores and its validation errors", async () => {
    await page.goto(tab("scored", "&sample=0"));
    const panel = page.getByRole("complementary", { name: "Sample" });
    const answer = panel.locator('[data-answer-epoch="3"]');
    await expect(answer).toContainText(`reward${reward(0).toPrecision(4)}`);
    await expect(answer).toContainText("age: too small");
  });
});

test("the figures of a score follow its predictions live", async ({ dashboard, page }) => {
  const token = await attachRun(dashboard, { job_id: "scored-live" });
  const post = (epoch: number, rewards: (number | undefined)[]) =>
    ingest(dashboard, token, "predictions", {
      job_id: "scored-live",
      predictions: rewards.map((reward, sample) => ({
        epoch,
        step: epoch,
        sample_index: sample,
        prompt: `word ${sample}`,
        prediction: "a",
        ...(reward === undefined ? {} : { reward }),
      })),
    });
  await post(0, [1, 2]);
  await page.goto(tab("scored-live"));
  const card = page.locator('[data-trend="scores.reward"]');
  await expect(card).toContainText("1.500");
  // A mean is over the samples that have the score.
  await post(1, [4, undefined, 8, undefined]);
  await expect(shown(page)).toHaveAttribute("data-epoch", "1");
  await expect(card).toContainText("6");
  await expect(card).toContainText("+4.500");
  await post(1, [4, undefined, 8, 0]);
  await expect(card).toContainText("+2.500");
});

test("a cell of the map opens its sample at its epoch, and a link shows the same view", async ({
  dashboard,
  page,
}) => {
  const token = await attachRun(dashboard, { job_id: "mapped" });
  const sent = course(40, 6);
  await send(dashboard, token, "mapped", sent);
  await page.goto(tab("mapped", "&compare=1&sort=worst"));
  await expect(page.locator('[data-map-samples="40"]')).toBeVisible();
  await clickCell(page, 17, 3);
  const panel = page.getByRole("complementary", { name: "Sample" });
  await expect(panel).toHaveAttribute("data-sample-panel", "17");
  await expect(page).toHaveURL(/sample=17/);
  await expect(page).toHaveURL(/epoch=3/);
  await expect(panel).toContainText("word 17");
  const expected = sent.find((each) => each.epoch === 3 && each.sample_index === 17);
  await expect(panel.locator('[data-answer-epoch="3"]')).toContainText(
    expected?.prediction.split(" ")[0] ?? "",
  );

  await test.step("a reload of the link gives the same view", async () => {
    const before = await panel.innerText();
    const rowsBefore = await order(page);
    await page.reload();
    await expect(panel).toHaveAttribute("data-sample-panel", "17");
    await expect(shown(page)).toHaveAttribute("data-epoch", "3");
    await expect(shown(page)).toHaveAttribute("data-compare", "1");
    await expect.poll(() => panel.innerText()).toBe(before);
    await expect.poll(() => order(page)).toEqual(rowsBefore);
  });

  await test.step("j and k go to the next sample in the table's order", async () => {
    const table = await order(page);
    const at = table.indexOf(17);
    const neighbour = at > 0 ? table[at - 1] : table[1];
    await page.keyboard.press(at > 0 ? "k" : "j");
    await expect(panel).toHaveAttribute("data-sample-panel", String(neighbour));
    await page.keyboard.press("Escape");
    await expect(panel).toBeHidden();
  });

  await test.step("the map can be used by keyboard and announces the current cell", async () => {
    const grid = page.getByRole("grid", { name: /Learning map/ });
    await grid.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await expect(grid.getByRole("gridcell")).toContainText("word 1, epoch 0:");
    await page.keyboard.press("Enter");
    await expect(panel).toHaveAttribute("data-sample-panel", "1");
  });
});

test("another run's answer to the same sample is shown side by side", async ({
  dashboard,
  page,
}) => {
  const [mine, theirs] = [course(20, 3), course(20, 3)];
  await send(dashboard, await attachRun(dashboard, { job_id: "mine" }), "mine", mine);
  // The same samples in the opposite order, answered otherwise.
  const turned = theirs.map((each) => ({
    ...each,
    sample_index: 19 - each.sample_index,
    prediction: `theirs ${each.epoch} to ${each.prompt}`,
  }));
  await send(dashboard, await attachRun(dashboard, { job_id: "theirs" }), "theirs", turned);
  await page.goto(tab("mine", "&sample=3&epoch=2"));
  const panel = page.getByRole("complementary", { name: "Sample" });
  await panel.getByRole("combobox", { name: "Compare with run" }).click();
  await page.getByRole("option", { name: "theirs", exact: true }).click();
  await expect(page).toHaveURL(/run=theirs/);
  await expect(panel.getByRole("region", { name: "Side by side" })).toContainText("epoch 2");
  await panel.getByRole("button", { name: /^Copy answer, Other run/ }).focus();
  await expect
    .poll(() =>
      panel.getByRole("region", { name: "Side by side" }).evaluate((element) =>
        [...element.querySelectorAll("bdi")].map((text) =>
          [...text.childNodes]
            .filter((node) => node.nodeName !== "DEL")
            .map((node) => node.textContent)
            .join(""),
        ),
      ),
    )
    .toContain("theirs 2 to word 3");
});

test("new rows appear immediately, and nothing jumps", async ({ dashboard, page }) => {
  const token = await attachRun(dashboard, { job_id: "arriving" });
  await send(dashboard, token, "arriving", course(3000, 1));
  await page.goto(tab("arriving", "&view=table&epoch=0"));
  const section = page.locator("section[data-rows]");
  await expect(section).toHaveAttribute("data-rows", "3000");
  const scroller = section.getByRole("table").locator("..");
  await scroller.evaluate((element) => element.scrollTo({ top: 50_000 }));
  await expect(page.getByText("word 1475", { exact: true })).toBeVisible();
  const more = course(3500, 1).slice(3000);
  await send(dashboard, token, "arriving", more);
  await expect(section).toHaveAttribute("data-rows", "3500");
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(50_000);
  await expect(page.getByText("word 1475", { exact: true })).toBeVisible();
});

test("it is usable at 390 pixels", async ({ dashboard, browser }) => {
  const token = await attachRun(dashboard, { job_id: "pocket-epochs" });
  await send(dashboard, token, "pocket-epochs", course(30, 5));
  const context = await browser.newContext({
    baseURL: dashboard.url,
    viewport: { width: 390, height: 844 },
    hasTouch: true,
  });
  const page = await context.newPage();
  for (const view of ["", "&view=all", "&view=map", "&view=trends", "&sample=3"]) {
    await page.goto(tab("pocket-epochs", view));
    await expect(slider(page)).toBeInViewport();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, view).toBeLessThanOrEqual(0);
  }
  await page.goto(tab("pocket-epochs"));
  await rows(page).first().tap();
  const panel = page.getByRole("complementary", { name: "Sample" });
  await expect(panel).toHaveAttribute("data-sample-panel", "0");
  await page.getByRole("button", { name: "Previous epoch", exact: true }).tap();
  await expect(shown(page)).toHaveAttribute("data-epoch", "3");
  await page.getByRole("button", { name: "Next sample" }).tap();
  await expect(panel).toHaveAttribute("data-sample-panel", "1");
  await page.getByRole("button", { name: "Close sample" }).tap();
  await expect(panel).toBeHidden();
  await context.close();
});

const hostile = [
  `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`,
  "javascript:window.hacked=1",
  "\u001b[31mred\u001b[0m \u001b]8;;javascript:window.hacked=1\u0007link\u001b]8;;\u0007",
  "\u202egpj.exe\u2066 isolate",
  '=HYPERLINK("http://example.com","x")',
  "x".repeat(200_000),
  '{"html": "<b onmouseover=window.hacked=1>"}',
];

test("hostile predictions are text, on the page and in the files", async ({ dashboard, page }) => {
  const token = await attachRun(dashboard, { job_id: "hostile-epochs" });
  for (const epoch of [0, 1]) {
    await ingest(dashboard, token, "predictions", {
      job_id: "hostile-epochs",
      predictions: hostile.map((text, at) => ({
        epoch,
        step: epoch,
        sample_index: at,
        prompt: text,
        prompt_id: `p${at}`,
        prediction: hostile[(at + epoch) % hostile.length],
        ground_truth: text,
        metadata: { text: text.slice(0, 100) },
      })),
    });
  }
  await page.goto(tab("hostile-epochs", "&cols=index,verdict,truth,prediction,previous"));
  await expect(rows(page)).toHaveCount(hostile.length);
  const harmless = async () => {
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(
      await page.locator('a[href^="javascript:"], img[src="x"], main b[onmouseover]').count(),
    ).toBe(0);
  };
  await harmless();
  for (let sample = 0; sample < hostile.length; sample += 1) {
    await page.goto(tab("hostile-epochs", `&sample=${sample}&reveal=${sample % 2 === 0}`));
    await expect(page.locator(`[data-sample-panel="${sample}"]`)).toBeVisible();
    await harmless();
  }

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    (async () => {
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await page.getByRole("menuitem", { name: /CSV/ }).click();
    })(),
  ]);
  expect(download.suggestedFilename()).toBe("hostile-epochs-epoch-1-index.csv");
  const csv = await readFile(await download.path(), "utf8");
  expect(csv).toContain(`"'=HYPERLINK(""http://example.com"",""x"")"`);
  expect(csv).not.toMatch(/(^|,)"?[=+@]/m);
});
