import { type LineLook, lineLooks, runColour } from "../charts/style/line-style.ts";

/** A look for each run, in the order given. */
export function runLooks(ids: readonly string[]): Map<string, LineLook> {
  return lineLooks(ids, runColour);
}
