import { expect, test } from "./kit/test";

test("the retention is chosen in the settings, confirmed once, and saved", async ({ page }) => {
  await page.goto("/settings/storage");
  const archived = page.getByRole("combobox", { name: "Delete archived runs" });
  const save = page.getByRole("button", { name: "Save" });
  await expect(archived).toHaveText("Never");
  await expect(save).toBeDisabled();

  await archived.click();
  await page.getByRole("option", { name: "30 days", exact: true }).click();
  await save.click();
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("archived more than 30 days ago");
  await question.getByRole("button", { name: "Save" }).click();
  await expect(question).toBeHidden();
  await page.reload();
  await expect(archived).toHaveText("30 days");

  // A longer retention deletes nothing, so there is no confirmation.
  await archived.click();
  await page.getByRole("option", { name: "Never" }).click();
  await save.click();
  await expect(page.getByText("Saved")).toBeVisible();
  await page.reload();
  await expect(archived).toHaveText("Never");
});
