import type { CanvasContext } from "../drawing/canvas-pen.ts";

/** A canvas context that notes its calls; a character is as wide as an SVG pen takes it to be. */
export function fakeContext(): { ctx: CanvasContext; calls: [string, ...unknown[]][] } {
  const calls: [string, ...unknown[]][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push([name, ...args]);
    };
  const metrics = (width: number): TextMetrics => ({
    width,
    actualBoundingBoxAscent: 0,
    actualBoundingBoxDescent: 0,
    actualBoundingBoxLeft: 0,
    actualBoundingBoxRight: 0,
    alphabeticBaseline: 0,
    emHeightAscent: 0,
    emHeightDescent: 0,
    fontBoundingBoxAscent: 0,
    fontBoundingBoxDescent: 0,
    hangingBaseline: 0,
    ideographicBaseline: 0,
  });
  const ctx: CanvasContext = {
    arc: note("arc"),
    beginPath: note("beginPath"),
    clip: note("clip"),
    closePath: note("closePath"),
    fill: note("fill"),
    fillRect: note("fillRect"),
    fillStyle: "",
    fillText: note("fillText"),
    font: "",
    globalAlpha: 1,
    lineJoin: "miter",
    lineTo: note("lineTo"),
    lineWidth: 1,
    measureText: (text) => metrics(text.length * Number.parseFloat(ctx.font) * 0.56),
    moveTo: note("moveTo"),
    rect: note("rect"),
    restore: note("restore"),
    save: note("save"),
    scale: note("scale"),
    setLineDash: note("setLineDash"),
    stroke: note("stroke"),
    strokeStyle: "",
    textAlign: "start",
    textBaseline: "alphabetic",
  };
  return { ctx, calls };
}
