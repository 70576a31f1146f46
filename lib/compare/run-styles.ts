import { type LineStyle, lineStyles, runColour } from "../charts/style/line-style.ts";

/** A line style for each run, in the order given. */
export function runStyles(ids: readonly string[]): Map<string, LineStyle> {
  return lineStyles(ids, runColour);
}
