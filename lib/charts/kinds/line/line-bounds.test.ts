import { describe, expect, it } from "vitest";
import { lineOf as line } from "../../testing/line-pictures.ts";
import { hasEnvelope, panelBounds } from "./line-bounds.ts";
import type { PanelLine } from "./line-picture.ts";

const shown = (lines: PanelLine[], min: number, max: number) =>
  ({ kind: "line", axis: "step", lines, range: { min, max } }) as const;
const linear = { logX: false, logY: false, outliers: 0 };

describe("a panel's bounds", () => {
  const low = line("low", { 0: 1, 1: 2, 2: 3 });
  const high = line("high", { 0: 100, 1: 200, 9: 1000 });

  it("contain all lines, but only the part that the zoom shows or touches", () => {
    expect(panelBounds(shown([low, high], 0, 1), linear).y.max).toBeGreaterThan(200);
    expect(panelBounds(shown([low], 0, 1), linear).y.max).toBeLessThan(4);
    expect(panelBounds(shown([low], 0, 1), linear).y.min).toBeLessThanOrEqual(1);
  });

  it("begin a logarithmic axis above zero, wherever the values do", () => {
    const mixed = line("mixed", { 0: -5, 1: 0, 2: 10 });
    const { x, y } = panelBounds(shown([mixed], 0, 2), { ...linear, logX: true, logY: true });
    expect(y.min).toBeGreaterThan(0);
    expect(y.max).toBeGreaterThanOrEqual(10);
    expect(x.min).toBeGreaterThan(0);
  });

  it("leave outliers out if the settings say so", () => {
    const values = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [index, index === 7 ? 1e6 : index]),
    );
    const { y, cut } = panelBounds(shown([line("a", values)], 0, 49), {
      ...linear,
      outliers: 0.01,
    });
    expect(cut).toBe(true);
    expect(y.max).toBeLessThan(100);
  });

  it("allow envelopes for a few lines, and of many for the highlighted one", () => {
    const many = Array.from({ length: 20 }, (_, index) => line(`l${index}`, { 0: 1 }));
    expect(hasEnvelope([low, high], "low", null)).toBe(true);
    expect(hasEnvelope(many, "l1", null)).toBe(false);
    expect(hasEnvelope(many, "l1", "l1")).toBe(true);
  });
});
