import type { Fill, Pen, Stroke, TextStyle } from "./pen.ts";
import type { PlotArea } from "./plot-area.ts";

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (char) => escapes[char] ?? "");
const round = (value: number) => Number(value.toFixed(2));
const box = ({ left, top, width, height }: PlotArea) =>
  `x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}"`;

/** The width of an average character, as a part of the font size: a file can't measure text. */
const characterWidth = 0.56;

/** Draws as SVG text; the same calls give the same text. */
export class SvgPen implements Pen {
  readonly #parts: string[] = [];
  #path = "";
  /** The paint of the current path, which becomes one element however often it is painted. */
  #paint = "";
  #clips = 0;

  beginPath(): void {
    this.#finishPath();
    this.#path = "";
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${round(x)} ${round(y)}`;
  }

  closePath(): void {
    this.#path += "Z";
  }

  circle(x: number, y: number, radius: number): void {
    const [r, across] = [round(radius), round(2 * radius)];
    this.#path += `M${round(x + radius)} ${round(y)}a${r} ${r} 0 1 0 ${-across} 0a${r} ${r} 0 1 0 ${across} 0Z`;
  }

  fill({ colour, opacity = 1 }: Fill): void {
    const opaque = opacity === 1 ? "" : ` fill-opacity="${round(opacity)}"`;
    this.#paint += ` fill="${escapeXml(colour)}"${opaque}`;
  }

  stroke({ colour, width, opacity = 1, dash = [] }: Stroke): void {
    const opaque = opacity === 1 ? "" : ` stroke-opacity="${round(opacity)}"`;
    const dashed = dash.length === 0 ? "" : ` stroke-dasharray="${dash.join(" ")}"`;
    this.#paint += ` stroke="${escapeXml(colour)}" stroke-width="${width}"${opaque}${dashed}`;
  }

  rect(area: PlotArea, { colour, opacity = 1 }: Fill, title?: string): void {
    const opaque = opacity === 1 ? "" : ` fill-opacity="${round(opacity)}"`;
    const named = title === undefined ? "/>" : `><title>${escapeXml(title)}</title></rect>`;
    this.#add(`<rect ${box(area)} fill="${escapeXml(colour)}"${opaque}${named}`);
  }

  text(text: string, x: number, y: number, { colour, size, align, bold }: TextStyle): void {
    const anchor = align === "start" ? "" : ` text-anchor="${align}"`;
    const weight = bold ? ' font-weight="600"' : "";
    this.#add(
      `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${anchor}${weight} fill="${escapeXml(colour)}">${escapeXml(text)}</text>`,
    );
  }

  textWidth(text: string, size: number): number {
    return text.length * size * characterWidth;
  }

  clip(area: PlotArea, draw: () => void): void {
    this.#clips += 1;
    const id = `clip${this.#clips}`;
    this.#add(`<clipPath id="${id}"><rect ${box(area)}/></clipPath><g clip-path="url(#${id})">`);
    draw();
    this.#add("</g>");
  }

  /** Everything drawn so far, as one SVG document of the given size. */
  document(width: number, height: number): string {
    this.beginPath();
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif" fill="none" stroke-linejoin="bevel">${this.#parts.join("")}</svg>`;
  }

  #add(part: string): void {
    this.#finishPath();
    this.#parts.push(part);
  }

  #finishPath(): void {
    if (this.#paint && this.#path) this.#parts.push(`<path d="${this.#path}"${this.#paint}/>`);
    this.#paint = "";
  }
}
