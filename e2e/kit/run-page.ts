import { expect, type Locator, type Page } from "@playwright/test";

/** What a person reads and clicks on a run's page. */
export class RunPage {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  get header(): Locator {
    return this.page.getByRole("banner").or(this.page.locator("main")).first();
  }

  /** The id in the address. */
  get id(): string {
    return decodeURIComponent(new URL(this.page.url()).pathname.split("/").at(-1) ?? "");
  }

  async expectStatus(status: string, timeout = 60_000): Promise<void> {
    await expect(this.page.locator(`[data-status="${status}"]`).first()).toBeVisible({ timeout });
  }

  async expectConnection(state: string, timeout = 30_000): Promise<void> {
    await expect(this.page.locator(`[data-connection="${state}"]`).first()).toBeVisible({
      timeout,
    });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** The step in the header; 0 before there is one. */
  async step(): Promise<number> {
    const text = await this.page
      .getByText(/^step [\d,]+/)
      .first()
      .innerText();
    return Number(/^step ([\d,]+)/.exec(text)?.[1]?.replaceAll(",", "") ?? 0);
  }

  async expectStepBeyond(step: number): Promise<void> {
    await expect.poll(() => this.step(), { timeout: 60_000 }).toBeGreaterThan(step);
  }

  /** A panel in words: `train/loss: last 0.5 at step 120. Lowest …`. */
  summary(series: string): Locator {
    return this.page.getByText(new RegExp(`^${series.replace("/", "\\/")}: last `));
  }

  async lastValue(series: string): Promise<{ value: number; step: number }> {
    const text = (await this.summary(series).textContent()) ?? "";
    const match = /: last (\S+) at step ([\d,]+)\./.exec(text);
    if (!match?.[1] || !match[2]) throw new Error(`No last value in “${text}”.`);
    return {
      value: Number(match[1].replaceAll(",", "")),
      step: Number(match[2].replaceAll(",", "")),
    };
  }
}
