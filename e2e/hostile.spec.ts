import { attachRun, expect, ingest, test } from "./kit/test";

const html = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
const ansi =
  "\u001b[31mred\u001b[0m \u001b]8;;javascript:window.hacked=1\u0007link\u001b]8;;\u0007 \u001b[2J";

test("hostile text is shown as text, on every page", async ({ dashboard, page }) => {
  const token = await attachRun(dashboard, {
    job_id: "hostile",
    name: html,
    model_name: html,
    tags: [html.slice(0, 64)],
    config: { [html]: html, proto: { __proto__: { polluted: 1 } } },
  });
  await ingest(dashboard, token, "hostile/logs", {
    lines: [
      { stream: "stdout", text: html },
      { stream: "stderr", text: ansi },
      { stream: "stdout", text: `\u202eevil\u0000\u0007${"x".repeat(200_000)}` },
    ],
  });
  await ingest(dashboard, token, "hostile/events", {
    events: [{ type: html.slice(0, 128), level: "error", message: html, data: { [html]: html } }],
  });
  await ingest(dashboard, token, "metrics", {
    job_id: "hostile",
    points: [
      { name: html, step: 1, value: "NaN" },
      { name: "train/loss", step: 1, value: 1 },
    ],
  });

  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  for (const path of [
    "/runs",
    "/runs/hostile",
    "/runs/hostile?tab=logs",
    "/runs/hostile?tab=timeline",
    "/runs/hostile?tab=config",
  ]) {
    await page.goto(path);
    await expect(page.getByText("<img src=x").first()).toBeAttached();
    expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  }
  expect(dialogs).toEqual([]);
});
