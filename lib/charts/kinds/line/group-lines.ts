import type { PreparedSeries } from "../../series/prepare-series.ts";
import type { PanelLine } from "./line-picture.ts";

export interface LineGroup {
  key: string;
  ids: readonly string[];
}

/** The cell width of the common grid: a power of two, so the grid stays in place as lines grow. */
function cellWidth(lines: readonly PanelLine[], maxColumns: number, whole: boolean): number {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { series } of lines) {
    min = Math.min(min, series.x[0] ?? min);
    max = Math.max(max, series.x.at(-1) ?? max);
  }
  const extent = max > min ? max - min : 1;
  const width = 2 ** Math.ceil(Math.log2(extent / maxColumns));
  return whole ? Math.max(1, width) : width;
}

/** A line's mean in each cell of the grid that it has values in. */
function onGrid({ series }: PanelLine, width: number, used: Set<number>): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [index, at] of series.x.entries()) {
    const value = series.line[index] ?? null;
    if (value === null) continue;
    const cell = Math.floor(at / width);
    const held = sums.get(cell) ?? { sum: 0, count: 0 };
    const count = series.columns[index]?.finite ?? 1;
    held.sum += value * count;
    held.count += count;
    sums.set(cell, held);
    used.add(cell);
  }
  return new Map([...sums].map(([cell, { sum, count }]) => [cell, sum / count]));
}

function fill(values: Map<number, number>, cells: readonly number[]): (number | null)[] {
  const filled = cells.map((cell) => values.get(cell) ?? null);
  let before = -1;
  for (const [index, value] of filled.entries()) {
    if (value === null) continue;
    const start = before < 0 ? null : (filled[before] ?? null);
    if (start !== null && index > before + 1) {
      const from = cells[before] ?? 0;
      const extent = (cells[index] ?? 0) - from;
      for (let between = before + 1; between < index; between += 1) {
        filled[between] = start + ((value - start) * ((cells[between] ?? 0) - from)) / extent;
      }
    }
    before = index;
  }
  return filled;
}

/**
 * One line for each group: the mean at every position, with one standard deviation to both sides as
 * its band. A line counts between its first and its last value. `whole`: the axis counts
 * in whole numbers, as steps do.
 */
export function groupLines(
  lines: readonly PanelLine[],
  groups: readonly LineGroup[],
  maxColumns: number,
  whole: boolean,
): PanelLine[] {
  const width = cellWidth(lines, maxColumns, whole);
  const used = new Set<number>();
  const grids = new Map(lines.map((line) => [line.id, onGrid(line, width, used)]));
  const cells = [...used].sort((a, b) => a - b);
  const middle = width === 1 && whole ? 0 : 0.5;
  return groups.map(({ key, ids }) => {
    const filled = ids.flatMap((id) => {
      const grid = grids.get(id);
      return grid ? [fill(grid, cells)] : [];
    });
    const series = emptySeries();
    for (const [index, cell] of cells.entries()) {
      const values = filled.flatMap((line) => line[index] ?? []);
      if (values.length === 0) continue;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      const spread = values.length > 1 ? Math.sqrt(square / (values.length - 1)) : 0;
      series.x.push((cell + middle) * width);
      series.line.push(mean);
      series.low.push(mean - spread);
      series.high.push(mean + spread);
    }
    const end = series.x.at(-1);
    const last = series.line.at(-1) ?? null;
    return {
      id: key,
      scale: null,
      series: {
        ...series,
        gaps: gapsOf(lines, ids),
        last: end === undefined || last === null ? null : { step: Math.round(end), value: last },
      },
    };
  });
}

/** A NaN of one member is a NaN of its group. */
function gapsOf(lines: readonly PanelLine[], ids: readonly string[]) {
  const members = new Set(ids);
  return lines
    .flatMap(({ id, series }) => (members.has(id) ? series.gaps : []))
    .sort((a, b) => a.x - b.x);
}

const emptySeries = (): PreparedSeries => ({
  x: [],
  line: [],
  low: [],
  high: [],
  gaps: [],
  columns: [],
  unplaced: 0,
  hasBand: true,
  dots: [],
  stepMin: null,
  stepMax: null,
  last: null,
});
