import { type LineLook, lineLooks, runColour } from "../charts/line-looks.ts";

/** A look for each run, in the order given. */
export function runLooks(ids: readonly string[]): Map<string, LineLook> {
  return lineLooks(ids, runColour);
}
