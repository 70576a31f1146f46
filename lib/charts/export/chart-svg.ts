import { formatTicks } from "../../format/number.ts";
import { decadeTicks, formatClock, formatElapsed, niceTicks } from "../axes/axis-ticks.ts";
import type { XAxis, XRange } from "../axes/x-axis.ts";
import { spikesOf } from "../kinds/line/spikes.ts";
import type { PreparedSeries } from "../series/prepare-series.ts";

export interface SvgColours {
  surface: string;
  ink: string;
  faint: string;
  grid: string;
  gap: string;
}

export interface SvgLine {
  label: string;
  colour: string;
  dash: readonly number[];
  series: PreparedSeries;
  /** In front, where the measured line recedes behind a smoothed one. */
  smooth: readonly (number | null)[] | null;
  envelope: boolean;
}

export interface ChartPicture {
  title: string;
  lines: readonly SvgLine[];
  axis: XAxis;
  x: XRange;
  y: XRange;
  logX: boolean;
  logY: boolean;
  colours: SvgColours;
}

const width = 960;
const plotBottom = 440;
const frame = { left: 72, right: 24, top: 44 };
const legend = { width: 212, row: 18, columns: 4 };

const escaped: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const xmlText = (text: string) => text.replace(/[&<>"]/g, (character) => escaped[character] ?? "");
const px = (value: number) => Number(value.toFixed(2));

type Place = (value: number) => number;

function placer({ min, max }: XRange, log: boolean, from: number, to: number): Place {
  const by = log ? (value: number) => Math.log10(Math.max(value, min)) : (value: number) => value;
  const low = by(min);
  const extent = by(max) - low || 1;
  return (value) => px(from + ((by(value) - low) / extent) * (to - from));
}

/** Straight lines through the values, broken at gaps. */
function linePath(x: readonly number[], line: readonly (number | null)[], toX: Place, toY: Place) {
  let pen = "M";
  return line
    .map((value, index) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const part = `${pen}${toX(x[index] ?? 0)} ${toY(value)}`;
      pen = "L";
      return part;
    })
    .join("");
}

/** The band from lowest to highest, one closed shape for each stretch without a gap. */
function bandPath({ x, low, high }: PreparedSeries, toX: Place, toY: Place): string {
  const shapes: string[] = [];
  let upper: string[] = [];
  let lower: string[] = [];
  const close = () => {
    if (upper.length > 1) shapes.push(`M${upper.join("L")}L${lower.reverse().join("L")}Z`);
    upper = [];
    lower = [];
  };
  for (const [index, at] of x.entries()) {
    const bottom = low[index] ?? null;
    const top = high[index] ?? null;
    if (bottom === null || top === null) {
      close();
      continue;
    }
    upper.push(`${toX(at)} ${toY(top)}`);
    lower.push(`${toX(at)} ${toY(bottom)}`);
  }
  close();
  return shapes.join("");
}

/** A stroke for each extreme that a line alone would hide. */
function spikePath(series: PreparedSeries, toX: Place, toY: Place): string {
  const whole = { from: 0, to: series.x.length - 1 };
  return spikesOf(series, whole, toY, 3)
    .map(({ index, top, bottom }) => `M${toX(series.x[index] ?? 0)} ${top}V${bottom}`)
    .join("");
}

function xTickTexts(axis: XAxis, ticks: readonly number[]): string[] {
  const increment = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1;
  if (axis === "relative") return ticks.map(formatElapsed);
  if (axis === "wall") return ticks.map((tick) => formatClock(tick, increment));
  return formatTicks(ticks, increment);
}

function yTickTexts(ticks: readonly number[], log: boolean): string[] {
  if (log) return ticks.map((tick) => formatTicks([tick], tick)[0] ?? "");
  return formatTicks(ticks, Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0)) || 1);
}

function lineParts({ series, smooth, colour, dash, envelope }: SvgLine, toX: Place, toY: Place) {
  const dashed = dash.length > 0 ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  const width = smooth ? 1 : 1.5;
  return [
    envelope
      ? `<path d="${bandPath(series, toX, toY)}" fill="${colour}" fill-opacity="0.2"/>`
      : `<path d="${spikePath(series, toX, toY)}" stroke="${colour}" stroke-opacity="0.6"/>`,
    `<path d="${linePath(series.x, series.line, toX, toY)}" stroke="${colour}" stroke-width="${width}" stroke-opacity="${smooth ? 0.4 : 1}"${dashed}/>`,
    smooth
      ? `<path d="${linePath(series.x, smooth, toX, toY)}" stroke="${colour}" stroke-width="1.75"${dashed}/>`
      : "",
    ...series.dots.map((index) => {
      const value = series.line[index] ?? null;
      if (value === null) return "";
      return `<circle cx="${toX(series.x[index] ?? 0)}" cy="${toY(value)}" r="2.5" fill="${colour}"/>`;
    }),
  ];
}

function legendParts(lines: readonly SvgLine[], ink: string): string[] {
  return lines.map(({ label, colour, dash }, index) => {
    const x = frame.left + (index % legend.columns) * legend.width;
    const y = plotBottom + 52 + Math.floor(index / legend.columns) * legend.row;
    const text = label.length > 30 ? `…${label.slice(-29)}` : label;
    return (
      `<path d="M${x} ${y - 4}h18" stroke="${colour}" stroke-width="2.5" stroke-dasharray="${dash.join(" ")}"/>` +
      `<text x="${x + 24}" y="${y}" fill="${ink}">${xmlText(text)}</text>`
    );
  });
}

const axisTitles: Record<XAxis, string> = {
  step: "step",
  epoch: "epoch",
  relative: "time since start",
  wall: "time",
};

/** A panel as a picture that stands by itself: SVG text, 960 wide, with a legend of several lines. */
export function chartSvg(picture: ChartPicture): string {
  const { lines, axis, x, y, logX, logY, colours } = picture;
  const several = lines.length > 1;
  const rows = several ? Math.ceil(lines.length / legend.columns) : 0;
  const height = plotBottom + 40 + (several ? rows * legend.row + 8 : 0);
  const right = width - frame.right;
  const bottom = plotBottom;
  const toX = placer(x, logX, frame.left, right);
  const toY = placer(y, logY, bottom, frame.top);
  const xTicks = logX ? decadeTicks(x.min, x.max) : niceTicks(x.min, x.max, 8);
  const yTicks = logY ? decadeTicks(y.min, y.max) : niceTicks(y.min, y.max, 6);
  const xTexts = xTickTexts(axis, xTicks);
  const yTexts = yTickTexts(yTicks, logY);
  const parts = [
    `<rect width="${width}" height="${height}" fill="${colours.surface}"/>`,
    `<text x="${frame.left}" y="28" font-size="16" font-weight="600" fill="${colours.ink}">${xmlText(picture.title)}</text>`,
    ...yTicks.map(
      (tick, index) =>
        `<path d="M${frame.left} ${toY(tick)}H${right}" stroke="${colours.grid}"/>` +
        `<text x="${frame.left - 8}" y="${toY(tick) + 4}" text-anchor="end" fill="${colours.faint}">${yTexts[index]}</text>`,
    ),
    ...xTicks.map(
      (tick, index) =>
        `<text x="${toX(tick)}" y="${bottom + 20}" text-anchor="middle" fill="${colours.faint}">${xTexts[index]}</text>`,
    ),
    `<text x="${right}" y="${bottom + 34}" text-anchor="end" fill="${colours.faint}">${axisTitles[axis]}</text>`,
    `<clipPath id="plot"><rect x="${frame.left}" y="${frame.top}" width="${right - frame.left}" height="${bottom - frame.top}"/></clipPath>`,
    `<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">`,
    ...lines.flatMap((line) => lineParts(line, toX, toY)),
    ...lines.flatMap(({ series }) =>
      series.gaps.map(
        ({ x: at, kind }) =>
          `<path d="M${toX(at)} ${bottom - 6}v6" stroke="${colours.gap}" stroke-width="3"><title>${kind}</title></path>`,
      ),
    ),
    "</g>",
    ...(several ? legendParts(lines, colours.ink) : []),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif" font-size="12">${parts.join("")}</svg>`;
}
