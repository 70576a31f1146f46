import type { Fill, Pen, Stroke, TextStyle } from "./pen.ts";
import type { PlotArea } from "./plot-area.ts";

/** The part of a 2D canvas context that drawing needs. */
export type CanvasContext = Pick<
  CanvasRenderingContext2D,
  | "arc"
  | "beginPath"
  | "clip"
  | "closePath"
  | "fill"
  | "fillRect"
  | "fillStyle"
  | "fillText"
  | "font"
  | "globalAlpha"
  | "lineJoin"
  | "lineTo"
  | "lineWidth"
  | "measureText"
  | "moveTo"
  | "rect"
  | "restore"
  | "save"
  | "scale"
  | "setLineDash"
  | "stroke"
  | "strokeStyle"
  | "textAlign"
  | "textBaseline"
>;

const solid: readonly number[] = [];
const canvasAlign = { start: "left", middle: "center", end: "right" } as const;

/**
 * Draws on a canvas whose own pixels are `ratio` times finer than CSS pixels. Afterwards the
 * context is as it was before.
 */
export function drawOnCanvas(
  ctx: CanvasContext,
  { ratio, fontFamily }: { ratio: number; fontFamily: string },
  draw: (pen: Pen) => void,
): void {
  ctx.save();
  ctx.scale(ratio, ratio);
  ctx.lineJoin = "bevel";
  ctx.textBaseline = "alphabetic";
  draw(new CanvasPen(ctx, fontFamily));
  ctx.restore();
}

/** Every method passes its numbers on as they are: a path of many points allocates nothing. */
class CanvasPen implements Pen {
  readonly #ctx: CanvasContext;
  readonly #fontFamily: string;

  constructor(ctx: CanvasContext, fontFamily: string) {
    this.#ctx = ctx;
    this.#fontFamily = fontFamily;
  }

  beginPath(): void {
    this.#ctx.beginPath();
  }

  moveTo(x: number, y: number): void {
    this.#ctx.moveTo(x, y);
  }

  lineTo(x: number, y: number): void {
    this.#ctx.lineTo(x, y);
  }

  closePath(): void {
    this.#ctx.closePath();
  }

  circle(x: number, y: number, radius: number): void {
    this.#ctx.moveTo(x + radius, y);
    this.#ctx.arc(x, y, radius, 0, 2 * Math.PI);
  }

  fill({ colour, opacity = 1 }: Fill): void {
    this.#ctx.globalAlpha = opacity;
    this.#ctx.fillStyle = colour;
    this.#ctx.fill();
  }

  stroke({ colour, width, opacity = 1, dash = solid }: Stroke): void {
    this.#ctx.globalAlpha = opacity;
    this.#ctx.strokeStyle = colour;
    this.#ctx.lineWidth = width;
    this.#ctx.setLineDash(dash);
    this.#ctx.stroke();
  }

  rect({ left, top, width, height }: PlotArea, { colour, opacity = 1 }: Fill): void {
    this.#ctx.globalAlpha = opacity;
    this.#ctx.fillStyle = colour;
    this.#ctx.fillRect(left, top, width, height);
  }

  text(text: string, x: number, y: number, { colour, size, align, bold }: TextStyle): void {
    this.#ctx.globalAlpha = 1;
    this.#ctx.fillStyle = colour;
    this.#ctx.font = this.#font(size, bold);
    this.#ctx.textAlign = canvasAlign[align];
    this.#ctx.fillText(text, x, y);
  }

  textWidth(text: string, size: number): number {
    this.#ctx.font = this.#font(size);
    return this.#ctx.measureText(text).width;
  }

  clip({ left, top, width, height }: PlotArea, draw: () => void): void {
    this.#ctx.save();
    this.#ctx.beginPath();
    this.#ctx.rect(left, top, width, height);
    this.#ctx.clip();
    draw();
    this.#ctx.restore();
  }

  #font(size: number, bold = false): string {
    return `${bold ? "600 " : ""}${size}px ${this.#fontFamily}`;
  }
}
