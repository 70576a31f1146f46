import { cellAt, type LearningMap } from "./learning-map.ts";

interface Picture {
  map: LearningMap;
  order: Uint32Array;
  palette: Uint8Array;
  /** The first row, and the number of rows. */
  from: number;
  rows: number;
  /** Samples per pixel row; their colours are averaged. */
  samplesPerRow: number;
}

/** Pixels (RGBA) of a part of the map: one column per epoch. */
export function paintCells(picture: Picture): Uint8ClampedArray<ArrayBuffer> {
  const { map, order, palette, from, rows, samplesPerRow } = picture;
  const columns = map.epochs.length;
  const pixels = new Uint8ClampedArray(columns * rows * 4);
  for (let row = 0; row < rows; row += 1) {
    const start = Math.floor(from + row * samplesPerRow);
    const end = Math.min(
      order.length,
      Math.max(start + 1, Math.floor(from + (row + 1) * samplesPerRow)),
    );
    for (let column = 0; column < columns; column += 1) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let place = start; place < end; place += 1) {
        const at = cellAt(map, column, order[place] ?? 0) * 3;
        red += palette[at] ?? 0;
        green += palette[at + 1] ?? 0;
        blue += palette[at + 2] ?? 0;
      }
      const count = Math.max(1, end - start);
      const pixel = (row * columns + column) * 4;
      pixels[pixel] = red / count;
      pixels[pixel + 1] = green / count;
      pixels[pixel + 2] = blue / count;
      pixels[pixel + 3] = end > start ? 255 : 0;
    }
  }
  return pixels;
}

/** The layout of the cells in the scroll area. */
export interface MapLayout {
  /** Pixels per sample; below 1 several samples share a pixel. */
  rowHeight: number;
  columnWidth: number;
  /** The height of all rows. */
  height: number;
  width: number;
}

export const rowHeights = [1, 2, 4, 8, 16] as const;
export type RowHeight = (typeof rowHeights)[number] | "fit";

const tallestRow = 20;
const widestColumn = 40;

/** Lays out `samples` × `epochs` in a box; `fit` shows all samples at once. */
export function layOutMap(
  { samples, epochs }: { samples: number; epochs: number },
  box: { width: number; height: number },
  wanted: RowHeight,
): MapLayout {
  const fitting = Math.min(tallestRow, box.height / Math.max(1, samples));
  // High rows have separators, which are even only on whole pixels.
  const rowHeight = wanted !== "fit" ? wanted : fitting >= 5 ? Math.floor(fitting) : fitting;
  const columnWidth = Math.max(2, Math.min(widestColumn, box.width / Math.max(1, epochs)));
  return {
    rowHeight,
    columnWidth,
    height: rowHeight * samples,
    width: columnWidth * epochs,
  };
}

export interface MapCellPlace {
  /** The row's index in the order. */
  place: number;
  epochIndex: number;
}

/** The cell at a point of the scrolled content; null outside the map. */
export function cellUnder(
  layout: MapLayout,
  { samples, epochs }: { samples: number; epochs: number },
  point: { x: number; y: number },
): MapCellPlace | null {
  const epochIndex = Math.floor(point.x / layout.columnWidth);
  const place = Math.floor(point.y / layout.rowHeight);
  if (epochIndex < 0 || epochIndex >= epochs || place < 0 || place >= samples) return null;
  return { place, epochIndex };
}

/** The cell one key press away; Home and End go to the first and last epoch. */
export function moveCell(
  cell: MapCellPlace,
  key: string,
  { samples, epochs }: { samples: number; epochs: number },
  page: number,
): MapCellPlace | null {
  const moves: Record<string, [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    PageUp: [-page, 0],
    PageDown: [page, 0],
    Home: [0, -epochs],
    End: [0, epochs],
  };
  const move = moves[key];
  if (!move) return null;
  const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return {
    place: clamp(cell.place + move[0], samples),
    epochIndex: clamp(cell.epochIndex + move[1], epochs),
  };
}
