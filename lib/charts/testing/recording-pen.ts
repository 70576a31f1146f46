import type { Pen } from "../drawing/pen.ts";
import { SvgPen } from "../drawing/svg-pen.ts";

/** A call on a pen: its method and what it was given. */
export type PenCall = readonly [method: Exclude<keyof Pen, "textWidth">, ...args: unknown[]];

/** Notes every call that draws, and passes it on to another pen. */
export function recordingPen(inner: Pen = new SvgPen()): { pen: Pen; calls: PenCall[] } {
  const calls: PenCall[] = [];
  const pen: Pen = {
    beginPath: () => {
      calls.push(["beginPath"]);
      inner.beginPath();
    },
    moveTo: (x, y) => {
      calls.push(["moveTo", x, y]);
      inner.moveTo(x, y);
    },
    lineTo: (x, y) => {
      calls.push(["lineTo", x, y]);
      inner.lineTo(x, y);
    },
    closePath: () => {
      calls.push(["closePath"]);
      inner.closePath();
    },
    circle: (x, y, radius) => {
      calls.push(["circle", x, y, radius]);
      inner.circle(x, y, radius);
    },
    fill: (style) => {
      calls.push(["fill", style]);
      inner.fill(style);
    },
    stroke: (style) => {
      calls.push(["stroke", style]);
      inner.stroke(style);
    },
    rect: (area, style, title) => {
      calls.push(["rect", area, style, title]);
      inner.rect(area, style, title);
    },
    text: (text, x, y, style) => {
      calls.push(["text", text, x, y, style]);
      inner.text(text, x, y, style);
    },
    textWidth: (text, size) => inner.textWidth(text, size),
    clip: (area, draw) => {
      calls.push(["clip", area]);
      inner.clip(area, draw);
    },
  };
  return { pen, calls };
}

/** All arguments of the calls of one method. */
export function argumentsOf(calls: readonly PenCall[], method: PenCall[0]): unknown[][] {
  return calls.flatMap(([name, ...args]) => (name === method ? [args] : []));
}
