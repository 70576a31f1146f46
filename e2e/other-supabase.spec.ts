import { expect, test } from "@playwright/test";
import { startTestSupabase } from "../supabase/local/testing";
import { Dashboard } from "./kit/dashboard";
import { RunPage } from "./kit/run-page";

test("with an external Supabase nothing embedded starts, and people sign in", async ({ page }) => {
  test.setTimeout(240_000);
  const supabase = await startTestSupabase({ engine: "postgres" });
  const dashboard = await Dashboard.create({
    SUPABASE_URL: supabase.url,
    SUPABASE_PUBLISHABLE_KEY: supabase.publishableKey,
    SUPABASE_SECRET_KEY: supabase.secretKey,
    SIGNALBOX_SECRET: "a secret of this test alone",
  });
  try {
    await dashboard.start();
    expect((await dashboard.runtime()).services.database).toBeUndefined();

    await page.goto(dashboard.url);
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByRole("button", { name: /local owner/ })).toHaveCount(0);
    await page.getByRole("button", { name: "Sign up" }).click();
    await page.getByLabel("Email").fill("somebody@example.org");
    await page.getByLabel("Password").fill("a long enough secret");
    await page.getByRole("button", { name: "Create account" }).click();

    await page.getByRole("button", { name: "Start training" }).click();
    const run = new RunPage(page);
    await run.expectStatus("running");
    await expect(run.summary("train/loss")).toBeAttached({ timeout: 60_000 });
    await run.expectConnection("live");
    await run.button("Stop").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Stop run" }).click();
    await run.expectStatus("cancelled");
  } finally {
    await dashboard.remove();
    await supabase.close();
  }
});
