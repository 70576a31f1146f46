import { expect, it } from "vitest";
import { seriesColour } from "./series-colour.ts";

it("a series has the same colour everywhere", () => {
  expect(seriesColour("train/loss")).toBe(seriesColour("eval/loss"));
  expect(seriesColour("custom/thing")).toBe(seriesColour("custom/thing"));
  expect(seriesColour("custom/thing")).toBeGreaterThanOrEqual(1);
  expect(seriesColour("custom/thing")).toBeLessThanOrEqual(8);
  expect(seriesColour("custom/constructor")).toBeTypeOf("number");
});
