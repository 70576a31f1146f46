import { attachRun, expect, test } from "./kit/test";

const count = 400;

test("many runs: pages on demand, groups, columns, views, bulk edits with undo", async ({
  dashboard,
  page,
}) => {
  for (let first = 0; first < count; first += 20) {
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => first + i).map((i) =>
        attachRun(dashboard, {
          job_id: `many-${String(i).padStart(4, "0")}`,
          name: `Many ${String(i).padStart(4, "0")}`,
          status: "succeeded",
          config: { batch_size: [16, 32, 64][i % 3], learning_rate: i / 1000 },
        }),
      ),
    );
  }
  const table = page.getByRole("table", { name: "Runs" });
  /** The page comes rendered from the server; rows or groups show that its controls work. */
  const visit = async (path: string) => {
    await page.goto(path);
    await expect(
      table
        .locator("tbody")
        .getByRole("link")
        .or(table.locator("tbody").getByRole("button"))
        .first(),
    ).toBeVisible();
  };

  await test.step("the end of the list is shown without reading all of it", async () => {
    await visit("/runs?q=Many&sort=name");
    await expect(table.getByRole("link", { name: "Many 0000" })).toBeVisible();
    await expect(table).toHaveAttribute("aria-rowcount", String(count + 1));
    await table.locator("xpath=..").evaluate((element) => {
      element.scrollTop = element.scrollHeight;
    });
    await expect(table.getByRole("link", { name: "Many 0399" })).toBeVisible();
  });

  await test.step("a config column sorts on the server", async () => {
    await visit("/runs?q=Many&cols=state,config.learning_rate");
    await table.getByRole("button", { name: "learning_rate" }).click();
    await expect(page).toHaveURL(/sort=config\.learning_rate/);
    await expect(table.getByRole("link").first()).toHaveText("Many 0000");
    await table.getByRole("button", { name: "learning_rate" }).click();
    await expect(table.getByRole("link").first()).toHaveText("Many 0399");
  });

  await test.step("columns are reordered by dragging and by keyboard", async () => {
    await visit("/runs?q=Many&cols=state,kind,config.learning_rate");
    const titles = () =>
      table
        .locator("th[data-column]")
        .evaluateAll((all) => all.map((each) => each.getAttribute("data-column")));
    const title = (id: string) => table.locator(`th[data-column="${id}"]`);
    await title("config.learning_rate").dragTo(title("state"), { targetPosition: { x: 4, y: 8 } });
    await expect.poll(titles).toEqual(["name", "config.learning_rate", "state", "kind"]);
    await expect(page).toHaveURL(/cols=config\.learning_rate,state,kind/);
    await title("kind").getByRole("button").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await expect.poll(titles).toEqual(["name", "config.learning_rate", "kind", "state"]);
    await expect(title("kind").getByRole("button")).toBeFocused();
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("Shift+ArrowLeft");
    await expect.poll(titles).toEqual(["name", "kind", "config.learning_rate", "state"]);
    await visit("/runs?q=Many&cols=state,config.learning_rate");
  });

  await test.step("groups collapse, and conditions filter", async () => {
    await page.getByRole("button", { name: "Group" }).click();
    await page.getByRole("menuitemradio", { name: "batch_size" }).click();
    const group = table.getByRole("button", { name: /batch_size 16/ });
    await expect(group).toHaveAttribute("aria-expanded", "true");
    await expect(group).toContainText("134 runs");
    const heading = table.locator('[data-group="16"]');
    await expect(heading).toContainText(/mean \S+/);
    await visit("/runs?q=Many&group=config.batch_size&cols=state,duration,attempt");
    await expect(heading).toContainText(/mean 0s.*mean 1$/);
    await page.goBack();
    await page.goto(`${page.url()}&base=many-0150`);
    await expect(heading).toContainText("+33%");
    await group.click();
    await expect(group).toHaveAttribute("aria-expanded", "false");
    // Which of the last runs is the newest is a matter of chance; its group is not.
    const next = table.getByRole("link").first();
    await expect.poll(async () => Number((await next.innerText()).slice(5)) % 3).toBe(1);
    await visit("/runs?q=Many&where=config.learning_rate%3C0.003");
    await expect(table.getByRole("link")).toHaveCount(3);
  });

  await test.step("a view is saved and opened", async () => {
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("textbox", { name: "View name" }).fill("Slow ones");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved as “Slow ones”").waitFor();
    await visit("/runs");
    await page.getByRole("button", { name: "Saved views" }).click();
    await page.getByRole("button", { name: "Slow ones", exact: true }).click();
    await expect(page).toHaveURL(/where=/);
    await expect(table.getByRole("link")).toHaveCount(3);
  });

  await test.step("tag and delete, each undone", async () => {
    const bar = page.getByRole("toolbar", { name: "Selected runs" });
    await page.getByLabel("Select all runs shown").click();
    await expect(bar).toContainText("3 selected");
    await bar.getByRole("button", { name: "Tag", exact: true }).click();
    await page.getByRole("textbox", { name: "New tag" }).fill("sweep");
    await page.keyboard.press("Enter");
    await expect(table.getByRole("row").filter({ hasText: "sweep" })).toHaveCount(3);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(table.getByRole("row").filter({ hasText: "sweep" })).toHaveCount(0);
    await page.getByText("Removed tag from 3 runs").waitFor();

    await bar.getByRole("button", { name: "Delete" }).click();
    await expect(page.getByRole("heading", { name: "No matching runs" })).toBeVisible();
    await page
      .locator("[data-sonner-toast]")
      .filter({ hasText: "Deleted 3 runs" })
      .getByRole("button", { name: "Undo" })
      .click();
    await expect(table.getByRole("link")).toHaveCount(3);
  });
});
