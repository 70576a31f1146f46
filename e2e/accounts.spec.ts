import { attachRun, expect, test } from "./kit/test";

test("the local owner is signed in; others sign up and see none of the owner's runs", async ({
  dashboard,
  page,
}) => {
  await attachRun(dashboard, { job_id: "owners", name: "Owner's run" });
  await page.goto("/runs");
  await expect(page.getByRole("link", { name: "Owner's run" })).toBeVisible();

  await test.step("sign out leads to the sign-in page and stays signed out", async () => {
    await page.getByRole("button", { name: /account|user menu/i }).click();
    await page.getByRole("menuitem", { name: /sign out/i }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto("/runs");
    await expect(page).toHaveURL(/\/sign-in/);
  });

  await test.step("a new user signs up and sees an empty list", async () => {
    await page.goto("/sign-in?next=%2Fruns%2Fowners");
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByLabel(/e-?mail/i).fill("stranger@example.org");
    await page.getByLabel("Password").fill("a long enough secret");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page).toHaveURL(/\/runs\/owners/);
    await expect(page.getByText(/no such run|not found|does not exist/i).first()).toBeVisible();
    await page.goto("/runs");
    await expect(page.getByRole("heading", { name: "Start a training run" })).toBeVisible();
  });

  await test.step("the owner signs in again without a password on the same machine", async () => {
    await page.getByRole("button", { name: /account|user menu/i }).click();
    await page.getByRole("menuitem", { name: /sign out/i }).click();
    await page.getByRole("button", { name: "Continue as the local owner" }).click();
    await expect(page.getByRole("link", { name: "Owner's run" })).toBeVisible();
  });
});

test("an API key is shown once, works, and stops working when revoked", async ({
  dashboard,
  page,
}) => {
  await page.goto("/settings");
  await page
    .getByRole("button", { name: /create|new/i })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("from a test");
  await dialog.getByRole("button", { name: /create/i }).click();
  const secret = await dialog
    .getByText(/sbx_[0-9A-Za-z]{36}/)
    .first()
    .innerText();
  const key = /sbx_[0-9A-Za-z]{36}/.exec(secret)?.[0] ?? "";
  const ask = () => fetch(`${dashboard.url}/api/training/jobs`, { headers: { "X-API-Key": key } });
  expect((await ask()).status).toBe(200);
  await dialog
    .getByRole("button", { name: /done|close/i })
    .first()
    .click();
  await expect(page.getByText(key)).toHaveCount(0);

  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: "from a test" });
  await row.getByRole("button", { name: /revoke/i }).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: /revoke/i })
    .click();
  await expect(row).toContainText(/revoked/i);
  expect((await ask()).status).toBe(401);
});
