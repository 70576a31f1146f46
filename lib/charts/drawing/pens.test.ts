import { describe, expect, it } from "vitest";
import { drawPanel, preparePanel } from "../kinds/panel-kinds.ts";
import { fakeContext } from "../testing/fake-context.ts";
import { linePicture, plainView, testTheme } from "../testing/line-pictures.ts";
import { type PenCall, recordingPen } from "../testing/recording-pen.ts";
import { drawOnCanvas } from "./canvas-pen.ts";
import type { Pen } from "./pen.ts";
import { SvgPen } from "./svg-pen.ts";

const area = { left: 10, top: 5, width: 400, height: 200 };
const onCanvas = { ratio: 2, fontFamily: "Inter" };

describe("a panel on the screen and in a file", () => {
  const markers = [
    { id: "a", step: 1, kind: "params", label: "lr → 1e-3", title: "" },
    { id: "b", step: 4, kind: "stop", label: "stopped", title: "" },
  ] as const;
  const picture = linePicture("step", [1, Number.NaN, Number.NaN, 4, 400], [3, 0, 5, -1, 2]);
  const view = {
    ...plainView,
    markers,
    settings: { ...plainView.settings, logY: true, amount: 0.5 },
  };
  const prepared = preparePanel(picture, view);
  const drawnBy = (inner: Pen): PenCall[] => {
    const { pen, calls } = recordingPen(inner);
    drawPanel(pen, area, prepared, testTheme);
    return calls;
  };

  it("is drawn by the same calls", () => {
    const inFile = drawnBy(new SvgPen());
    let onScreen: PenCall[] = [];
    drawOnCanvas(fakeContext().ctx, onCanvas, (pen) => {
      onScreen = drawnBy(pen);
    });
    expect(onScreen).toEqual(inFile);
    expect(inFile.length).toBeGreaterThan(20);
  });
});

describe("a pen on a canvas", () => {
  it("scales CSS pixels once, and leaves the context as it was", () => {
    const { ctx, calls } = fakeContext();
    drawOnCanvas(ctx, onCanvas, (pen) => {
      pen.beginPath();
      pen.moveTo(1, 2);
      pen.lineTo(3, 4);
      pen.stroke({ colour: "red", width: 1.5, opacity: 0.5, dash: [2, 3] });
    });
    expect(calls).toEqual([
      ["save"],
      ["scale", 2, 2],
      ["beginPath"],
      ["moveTo", 1, 2],
      ["lineTo", 3, 4],
      ["setLineDash", [2, 3]],
      ["stroke"],
      ["restore"],
    ]);
    expect(ctx).toMatchObject({ strokeStyle: "red", lineWidth: 1.5, globalAlpha: 0.5 });
  });

  it("takes back dash and opacity with the next stroke", () => {
    const { ctx, calls } = fakeContext();
    drawOnCanvas(ctx, onCanvas, (pen) => {
      pen.stroke({ colour: "red", width: 1, opacity: 0.5, dash: [2, 3] });
      pen.stroke({ colour: "red", width: 1 });
    });
    expect(calls.filter(([name]) => name === "setLineDash").at(-1)).toEqual(["setLineDash", []]);
    expect(ctx.globalAlpha).toBe(1);
  });
});

describe("a pen for SVG", () => {
  const drawn = (draw: (pen: SvgPen) => void) => {
    const pen = new SvgPen();
    draw(pen);
    return pen.document(100, 50);
  };

  it("writes one element for a path that is filled and outlined", () => {
    const svg = drawn((pen) => {
      pen.beginPath();
      pen.moveTo(0, 0);
      pen.lineTo(10.125, 5);
      pen.closePath();
      pen.fill({ colour: "red", opacity: 0.2 });
      pen.stroke({ colour: "red", width: 1 });
    });
    expect(svg).toContain(
      '<path d="M0 0L10.13 5Z" fill="red" fill-opacity="0.2" stroke="red" stroke-width="1"/>',
    );
  });

  it("writes nothing for an empty path", () => {
    const svg = drawn((pen) => {
      pen.beginPath();
      pen.stroke({ colour: "red", width: 1 });
    });
    expect(svg).not.toContain("<path");
  });

  it("keeps what is clipped in a group of its own, and text as text", () => {
    const svg = drawn((pen) => {
      pen.clip(area, () => pen.rect(area, { colour: 'a"b' }, "<NaN>"));
      pen.text("a < b", 1, 2, { colour: "red", size: 11, align: "end" });
    });
    expect(svg).toMatch(
      /<g clip-path="url\(#clip1\)"><rect [^>]*fill="a&quot;b"><title>&lt;NaN&gt;<\/title><\/rect><\/g><text /,
    );
    expect(svg).toContain('text-anchor="end" fill="red">a &lt; b</text>');
  });
});
