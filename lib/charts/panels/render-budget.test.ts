import { describe, expect, it } from "vitest";
import { createRenderBudget } from "./render-budget.ts";

/** A page whose frames take `msPerPanel` for each panel that they draw. */
function page(budgetMs: number, msPerPanel: number) {
  let time = 0;
  let timer: { run: () => void; at: number } | null = null;
  let frame: ((ms: number) => void) | null = null;
  let drawn = 0;
  const drawings = new Map<number, number>();
  const budget = createRenderBudget({
    budgetMs,
    now: () => time,
    schedule: (run, ms) => {
      timer = { run, at: time + ms };
    },
    measureFrame: (done) => {
      frame = done;
    },
  });
  const paint = () => {
    const done = frame;
    frame = null;
    done?.(drawn * msPerPanel);
    drawn = 0;
  };
  const wait = (ms: number) => {
    paint();
    const end = time + ms;
    while (timer && timer.at <= end) {
      const { run, at } = timer;
      timer = null;
      time = at;
      run();
      paint();
    }
    time = end;
  };
  const panels = (count: number) =>
    Array.from({ length: count }, (_, panel) => () => {
      drawn += 1;
      drawings.set(panel, (drawings.get(panel) ?? 0) + 1);
    });
  return { budget, wait, panels, drawings };
}

/** All panels have news ten times a second; how often each was drawn. */
function watch(budgetMs: number, msPerPanel: number, count: number, seconds: number, lines = 1) {
  const { budget, wait, panels, drawings } = page(budgetMs, msPerPanel);
  const updates = panels(count);
  for (let round = 0; round < seconds * 10; round += 1) {
    for (const update of updates) budget(update, lines);
    wait(100);
  }
  wait(1000);
  const counts = [...drawings.values()];
  return { counts, total: counts.reduce((sum, each) => sum + each, 0) };
}

describe("the panels' budget", () => {
  it("runs the updates of a few panels at once, every time", () => {
    expect(watch(120, 1, 5, 5).total).toBe(250);
  });

  it("lets many panels take turns: none is left out, none runs twice before the others", () => {
    const { counts, total } = watch(100, 1, 50, 10);
    expect(counts).toHaveLength(50);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(total).toBeGreaterThan(900);
    expect(total).toBeLessThanOrEqual(1150);
  });

  it("draws as often as the measured cost allows, whether that is small or large", () => {
    expect(watch(100, 0.1, 50, 10).total).toBeGreaterThan(4500);
    const { total } = watch(100, 4, 50, 30);
    expect(total).toBeGreaterThan(650);
    expect(total).toBeLessThan(950);
  });

  it("counts a panel of several lines as more expensive, and runs even the largest", () => {
    const { total } = watch(100, 500, 1, 10, 1000);
    expect(total).toBeGreaterThan(1);
    expect(total).toBeLessThan(60);
  });
});
