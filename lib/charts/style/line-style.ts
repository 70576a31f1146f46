import { hashText, seriesColour, seriesColours } from "./series-colour.ts";

/** How a line is drawn: a place in the series colours, 1–8, and a dash for those that share one. */
export interface LineStyle {
  colour: number;
  dash: readonly number[];
}

/** The style of a line that has none of its own. */
export const defaultLineStyle: LineStyle = { colour: 8, dash: [] };

const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4]];

/**
 * A line style for each line, in the order given: its own colour if that is free, else the next; once
 * all eight are taken, dashed. Who comes first keeps its style when others join or leave.
 */
export function lineStyles(
  ids: readonly string[],
  ownColour: (id: string) => number,
): Map<string, LineStyle> {
  const styles = new Map<string, LineStyle>();
  const taken = new Set<number>();
  for (const id of ids) {
    const round = Math.floor(styles.size / seriesColours);
    let place = ownColour(id) - 1;
    while (taken.has(round * seriesColours + place)) place = (place + 1) % seriesColours;
    taken.add(round * seriesColours + place);
    styles.set(id, { colour: place + 1, dash: dashes[round % dashes.length] ?? [] });
  }
  return styles;
}

/** The line styles of several series of one run. */
export function seriesStyles(names: readonly string[]): Map<string, LineStyle> {
  return lineStyles(names, seriesColour);
}

/** The colour a run has on its own. */
export function runColour(id: string): number {
  return (hashText(id) % seriesColours) + 1;
}
