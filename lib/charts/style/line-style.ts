import { hashText, seriesColour, seriesColours } from "./series-colour.ts";

/** How a line is drawn: one of the series colours, 1–8, and a dash if lines share a colour. */
export interface LineStyle {
  colour: number;
  dash: readonly number[];
}

/** The style of a line that has none of its own. */
export const defaultLineStyle: LineStyle = { colour: 8, dash: [] };

const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4]];

/**
 * A line style for each line, in the order given: its own colour if that is free, else the next;
 * dashed once all eight are taken. A line keeps its style when others after it join or leave.
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

/** The colour that a run prefers. */
export function runColour(id: string): number {
  return (hashText(id) % seriesColours) + 1;
}
