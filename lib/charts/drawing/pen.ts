import type { PlotArea } from "./plot-area.ts";

export interface Stroke {
  colour: string;
  width: number;
  /** 0 to 1; opaque by default. */
  opacity?: number;
  /** Lengths of dashes and gaps; solid by default. */
  dash?: readonly number[];
}

export interface Fill {
  colour: string;
  /** 0 to 1; opaque by default. */
  opacity?: number;
}

export interface TextStyle {
  colour: string;
  /** Font size in pixels. */
  size: number;
  /** Which part of the text is at its x position. */
  align: "start" | "middle" | "end";
  bold?: boolean;
}

/**
 * What a panel is drawn with, on the screen (canvas) and in a file (SVG). All lengths are CSS
 * pixels. Paths work as in a canvas context, and `fill` and `stroke` keep the path.
 */
export interface Pen {
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  /** Adds a whole circle to the path. */
  circle(x: number, y: number, radius: number): void;
  fill(style: Fill): void;
  stroke(style: Stroke): void;
  /** Paints a rectangle, apart from the path; `title` names it in formats that have tooltips. */
  rect(area: PlotArea, style: Fill, title?: string): void;
  /** Writes one line of text; `y` is its baseline. */
  text(text: string, x: number, y: number, style: TextStyle): void;
  textWidth(text: string, size: number): number;
  /** Cuts off what `draw` paints outside the area. */
  clip(area: PlotArea, draw: () => void): void;
}
