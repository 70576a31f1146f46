import { describe, expect, it } from "vitest";
import { linePicture, plainView, testTheme } from "../../testing/line-pictures.ts";
import { argumentsOf, type PenCall, recordingPen } from "../../testing/recording-pen.ts";
import type { PanelView } from "../panel-kind.ts";
import { lineKind } from "./line-kind.ts";
import type { LinePicture } from "./line-picture.ts";

/** 100 pixels for each of the steps 0 to 4. */
const area = { left: 0, top: 0, width: 400, height: 100 };

function drawn(picture: LinePicture, view: PanelView = plainView): PenCall[] {
  const { pen, calls } = recordingPen();
  lineKind.draw(pen, area, lineKind.prepare(picture, view), testTheme);
  return calls;
}
const withSettings = (settings: Partial<PanelView["settings"]>): PanelView => ({
  ...plainView,
  settings: { ...plainView.settings, ...settings },
});
const style = (index: number) => ({ colour: index + 1, dash: [] });
const coloured = (count: number) =>
  new Map(Array.from({ length: count }, (_, index) => [`s${index}`, style(index)]));

/** Lines whose values spread around them. */
function banded(picture: LinePicture): LinePicture {
  const lines = picture.lines.map((line) => {
    const { series } = line;
    const around = (by: number) => series.line.map((value) => value && value + by);
    return { ...line, series: { ...series, low: around(-1), high: around(9), hasBand: true } };
  });
  return { ...picture, lines };
}

describe("a drawn line panel", () => {
  it("has a dot for every value of a short line, none for what is not finite", () => {
    const dots = argumentsOf(drawn(linePicture("step", [5, Number.NaN, 5])), "circle");
    expect(dots.map(([x, , radius]) => [x, radius])).toEqual([
      [0, 2.25],
      [200, 2.25],
    ]);
  });

  it("fills and outlines the band of a line behind all lines", () => {
    const calls = drawn(banded(linePicture("step", [1, 2, 3])));
    const painted = calls.filter(([name]) => name === "fill" || name === "stroke");
    expect(painted.slice(0, 3)).toMatchObject([
      ["fill", { opacity: 0.2 }],
      ["stroke", { width: 1, opacity: 0.45 }],
      ["stroke", { width: 1.5, opacity: 1 }],
    ]);
  });

  it("shows of many lines the extremes that they hide, and the band of the highlighted one", () => {
    const picture = banded(linePicture("step", ...Array.from({ length: 9 }, () => [1, 2, 3])));
    const bands = (view: PanelView) => argumentsOf(drawn(picture, view), "closePath").length;
    expect(bands(plainView)).toBe(0);
    expect(bands({ ...plainView, highlighted: "s3" })).toBe(1);
    expect(argumentsOf(drawn(picture), "stroke")[0]).toMatchObject([{ width: 1, opacity: 0.6 }]);
  });

  it("draws the highlighted line last and dims the others", () => {
    const picture = linePicture("step", [1, 2], [3, 4]);
    const view = { ...plainView, lineStyles: coloured(2), highlighted: "s0" };
    expect(argumentsOf(drawn(picture, view), "stroke")).toMatchObject([
      [{ colour: "green", opacity: 0.18 }],
      [{ colour: "red", opacity: 1 }],
    ]);
  });

  it("breaks a line where a logarithmic axis has no position for it", () => {
    const calls = drawn(linePicture("step", [1, 10, 0, 10, 1]), withSettings({ logY: true }));
    expect(argumentsOf(calls, "moveTo").map(([x]) => x)).toEqual([0, 300]);
    expect(argumentsOf(calls, "circle")).toHaveLength(4);
  });

  it("is one pixel wide with about a point for each pixel", () => {
    const dense = linePicture(
      "step",
      Array.from({ length: 90 }, (_, step) => step % 7),
    );
    const width = (pixels: number) => {
      const { pen, calls } = recordingPen();
      const prepared = lineKind.prepare({ ...dense, range: { min: 0, max: 89 } }, plainView);
      lineKind.draw(pen, { ...area, width: pixels }, prepared, testTheme);
      return argumentsOf(calls, "stroke")[0];
    };
    expect(width(100)).toMatchObject([{ width: 1 }]);
    expect(width(400)).toMatchObject([{ width: 1.5 }]);
  });

  it("fades the measured line behind the smoothed one", () => {
    const calls = drawn(linePicture("step", [1, 5, 2]), withSettings({ amount: 0.5 }));
    expect(argumentsOf(calls, "stroke")).toMatchObject([
      [{ width: 1, opacity: 0.4 }],
      [{ width: 1.75, opacity: 1 }],
    ]);
  });

  it("draws one bar for values next to each other that are not finite, of whichever line", () => {
    const values = Array.from({ length: 100 }, (_, step) => (step === 50 ? Number.NaN : 1));
    const others = Array.from({ length: 100 }, (_, step) => (step === 51 ? Number.NaN : 2));
    const calls = drawn({ ...linePicture("step", values, others), range: { min: 0, max: 99 } });
    expect(argumentsOf(calls, "rect").map(([, , title]) => title)).toEqual(["NaN"]);
    expect(argumentsOf(calls, "text").map(([text]) => text)).toEqual(["NaN"]);
  });

  it("draws bars of their own for values far apart, in whichever order the lines come", () => {
    const nanAt = (at: number) =>
      Array.from({ length: 100 }, (_, step) => (step === at ? Number.NaN : 1));
    const picture = { ...linePicture("step", nanAt(90), nanAt(10)), range: { min: 0, max: 99 } };
    expect(argumentsOf(drawn(picture), "rect")).toHaveLength(2);
  });

  it("marks with an arrow what outliers left out of the axis", () => {
    const values = Array.from({ length: 50 }, (_, step) => (step === 7 ? 1e6 : step % 5));
    const picture = { ...linePicture("step", values), range: { min: 0, max: 49 } };
    expect(argumentsOf(drawn(picture), "closePath")).toHaveLength(0);
    const calls = drawn(picture, withSettings({ outliers: 0.01 }));
    expect(argumentsOf(calls, "closePath").length).toBeGreaterThan(0);
    expect(argumentsOf(calls, "fill").at(-1)).toMatchObject([{ colour: "gap" }]);
  });

  it("shows the commands that took effect, with their labels", () => {
    const markers = [{ id: "a", step: 1, kind: "params", label: "lr → 1e-3", title: "" }] as const;
    const calls = drawn(linePicture("step", [1, 2, 3]), { ...plainView, markers });
    expect(argumentsOf(calls, "text").map(([text, x]) => [text, x])).toEqual([
      ["lr → 1e-3", 103.5],
    ]);
  });
});

describe("a line panel read", () => {
  const picture = linePicture("step", [1, 2, Number.NaN, 8], [5]);
  const { read } = lineKind;

  it("has a value of each line that reaches to the crosshair", () => {
    expect(read.at(picture, 3, 0)).toEqual([{ id: "s0", value: 8 }]);
    expect(read.at(picture, 1, 2)).toEqual([
      { id: "s0", value: 2 },
      { id: "s1", value: 5 },
    ]);
  });

  it("shows in the legend what is at the crosshair, else the last value", () => {
    expect(read.value(picture, "s0", 1)).toBe(2);
    expect(read.value(picture, "s0", 2)).toBeNull();
    expect(read.value(picture, "s0", null)).toBe(8);
    expect(read.value(picture, "s2", null)).toBeNull();
  });

  it("stops with the keyboard at every column of the longest line", () => {
    expect(read.stops(picture)).toEqual([0, 1, 2, 3]);
    expect(read.text(picture, "loss", 2)).toMatchObject({ value: "NaN", at: "step 2" });
    expect(read.text(picture, "loss", null)).toMatchObject({ at: "step 3" });
  });
});
