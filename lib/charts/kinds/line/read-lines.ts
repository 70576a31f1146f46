import { nearestIndex } from "../../axes/nearest-index.ts";
import type { PanelReader, Reading } from "../panel-kind.ts";
import { hasEnvelope } from "./line-bounds.ts";
import type { LinePicture, PanelLine } from "./line-picture.ts";
import { columnText, describeSeries, lastValueText } from "./line-text.ts";
import { valueAt } from "./value-at.ts";

/** At most so many lines are described in words. */
const describedLines = 8;

/** The line with the most columns: its columns are the stops of the keyboard's crosshair. */
function longestLine({ lines }: LinePicture): PanelLine | null {
  return lines.reduce<PanelLine | null>(
    (found, line) => (line.series.x.length > (found?.series.x.length ?? 0) ? line : found),
    null,
  );
}

export const readLines: PanelReader<LinePicture> = {
  ids: ({ lines }) => lines.map(({ id }) => id),

  at: ({ lines }, x, reach) =>
    lines.flatMap((line): Reading | [] => {
      const value = valueAt(line, x, reach);
      return value === null ? [] : { id: line.id, value };
    }),

  dots: ({ lines }, readings, highlighted) =>
    readings.filter(({ id }) => hasEnvelope(lines, id, highlighted)),

  value: ({ lines }, id, x) => {
    const series = lines.find((line) => line.id === id)?.series;
    const index = series && x !== null ? nearestIndex(series.x, x) : null;
    return (index === null ? series?.last?.value : series?.line[index]) ?? null;
  },

  text: ({ lines }, name, index) => {
    const series = lines[0]?.series;
    if (!series) return null;
    if (index === null) return lastValueText(name, series);
    const column = series.columns[index];
    return column ? columnText(name, column) : null;
  },

  stops: (picture) => longestLine(picture)?.series.x ?? [],

  describe: ({ lines }, names) =>
    lines
      .slice(0, describedLines)
      .map(({ id, series }) => describeSeries(names.get(id) ?? id, series))
      .join(" "),
};
