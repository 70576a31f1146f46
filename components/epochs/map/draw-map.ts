import type { LearningMap } from "@/lib/predictions/map/learning-map";
import { type MapCellPlace, type MapLayout, paintCells } from "@/lib/predictions/map/map-picture";

export interface MapScene {
  map: LearningMap;
  order: Uint32Array;
  palette: Uint8Array;
  layout: MapLayout;
  /** Width of the sample names on the left. */
  gutter: number;
  scroll: { left: number; top: number };
  view: { width: number; height: number };
  /** The columns of the selected and the compared epoch. */
  epochIndex: number;
  compareIndex: number | null;
  /** The row of the open sample. */
  selectedPlace: number | null;
  active: MapCellPlace | null;
  nameAt: (sample: number) => string | undefined;
  colours: { ink: string; muted: string; accent: string; surface: string };
  fontFamily: string;
}

/** Minimum cell size at which cells are separated by lines. */
const smallestWithGap = { height: 5, width: 10 };
/** Minimum row height at which rows are labelled. */
export const smallestWithName = 10;

/** Draws the visible part of the map. */
export function drawMap(canvas: HTMLCanvasElement, scene: MapScene): void {
  const context = canvas.getContext("2d");
  const { view } = scene;
  if (!context || view.width === 0 || view.height === 0) return;
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(view.width * ratio), Math.round(view.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  context.save();
  context.beginPath();
  context.rect(scene.gutter, 0, view.width - scene.gutter, view.height);
  context.clip();
  drawCells(context, scene);
  drawMarks(context, scene);
  context.restore();
  if (scene.gutter > 0) drawNames(context, scene);
}

function rowsInView({ layout, scroll, view, order }: MapScene): { from: number; rows: number } {
  const from = Math.floor(scroll.top / layout.rowHeight);
  const rows = Math.ceil(view.height / layout.rowHeight) + 1;
  return { from, rows: Math.max(0, Math.min(rows, order.length - from)) };
}

/** The cells as last painted; moving the pointer or the epoch reuses them. */
interface Painted {
  of: readonly unknown[];
  picture: OffscreenCanvas;
  rows: number;
}
const painted = new WeakMap<LearningMap, Painted>();

function paint(scene: MapScene, from: number, rows: number): Painted {
  const { map, order, palette, layout } = scene;
  const of = [order, palette, layout.rowHeight, from, rows];
  const held = painted.get(map);
  if (held && of.every((each, index) => each === held.of[index])) return held;
  const columns = map.epochs.length;
  const samplesPerRow = Math.max(1, 1 / layout.rowHeight);
  const pictureRows = Math.ceil(rows / samplesPerRow);
  const pixels = paintCells({ map, order, palette, from, rows: pictureRows, samplesPerRow });
  const picture = new OffscreenCanvas(columns, pictureRows);
  picture.getContext("2d")?.putImageData(new ImageData(pixels, columns, pictureRows), 0, 0);
  const made = { of, picture, rows: pictureRows };
  painted.set(map, made);
  return made;
}

function drawCells(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { map, layout, gutter, scroll } = scene;
  const { from, rows } = rowsInView(scene);
  if (rows === 0 || map.epochs.length === 0) return;
  const { picture, rows: pictureRows } = paint(scene, from, rows);
  context.imageSmoothingEnabled = false;
  const left = gutter - scroll.left;
  const top = from * layout.rowHeight - scroll.top;
  context.drawImage(picture, left, top, layout.width, pictureRows * Math.max(1, layout.rowHeight));
  drawGaps(context, scene, { left, top, rows });
}

function drawGaps(
  context: CanvasRenderingContext2D,
  { layout, colours, map, view }: MapScene,
  { left, top, rows }: { left: number; top: number; rows: number },
): void {
  context.fillStyle = colours.surface;
  if (layout.rowHeight >= smallestWithGap.height) {
    for (let row = 0; row <= rows; row += 1) {
      context.fillRect(left, top + row * layout.rowHeight - 1, layout.width, 1);
    }
  }
  if (layout.columnWidth >= smallestWithGap.width) {
    for (let column = 0; column <= map.epochs.length; column += 1) {
      const x = left + column * layout.columnWidth;
      if (x >= 0 && x <= view.width) context.fillRect(x - 1, 0, 1, view.height);
    }
  }
}

function drawMarks(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { layout, gutter, scroll, colours, epochIndex, compareIndex, selectedPlace, active } =
    scene;
  const x = (index: number) => gutter + index * layout.columnWidth - scroll.left;
  const y = (place: number) => place * layout.rowHeight - scroll.top;
  const bottom = Math.min(scene.view.height, layout.height - scroll.top);
  context.lineWidth = 1.5;
  context.strokeStyle = colours.ink;
  if (compareIndex !== null) {
    context.setLineDash([3, 3]);
    context.strokeRect(x(compareIndex) + 0.75, -2, layout.columnWidth - 2.5, bottom + 2);
    context.setLineDash([]);
  }
  context.strokeRect(x(epochIndex) + 0.75, -2, layout.columnWidth - 2.5, bottom + 2);
  const rowHeight = Math.max(layout.rowHeight, 3);
  if (selectedPlace !== null) {
    context.strokeStyle = colours.accent;
    context.lineWidth = 2;
    context.strokeRect(gutter, y(selectedPlace) - 0.75, layout.width, rowHeight + 0.5);
  }
  if (active) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 2;
    const columnWidth = Math.max(layout.columnWidth, 4);
    context.strokeRect(x(active.epochIndex) - 0.5, y(active.place) - 0.5, columnWidth, rowHeight);
  }
}

function drawNames(context: CanvasRenderingContext2D, scene: MapScene): void {
  const { order, layout, gutter, scroll, colours, selectedPlace, active, nameAt } = scene;
  const { from, rows } = rowsInView(scene);
  context.save();
  context.beginPath();
  context.rect(0, 0, gutter - 6, scene.view.height);
  context.clip();
  context.font = `${Math.min(11, layout.rowHeight - 0.5)}px ${scene.fontFamily}`;
  context.textBaseline = "middle";
  for (let place = from; place < from + rows; place += 1) {
    const name = nameAt(order[place] ?? 0);
    if (name === undefined) continue;
    const marked = place === selectedPlace || place === active?.place;
    context.fillStyle = marked ? colours.ink : colours.muted;
    context.fillText(name, 2, (place + 0.5) * layout.rowHeight - scroll.top);
  }
  context.restore();
}
