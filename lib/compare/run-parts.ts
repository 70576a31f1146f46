/** Runs whose series a panel reads by one request. */
export interface RunPart {
  runs: readonly string[];
  /** Buckets of each line. */
  buckets: number;
}

/** How the runs of a page are shared out among requests, for one view. */
export interface RunParts {
  /** Zoom and axis, as a text: another view is read anew, of the runs that it shows. */
  view: string;
  parts: readonly RunPart[];
}

/** Fewer points a line where there are many lines: the answer stays as large as the picture. */
function bucketsFor(runs: number): number {
  if (runs <= 10) return 400;
  return runs <= 25 ? 240 : 120;
}

/**
 * The parts in which the shown runs are read. Within a view a part stays as it is, so that nothing
 * is read again where a run is hidden, shown or taken out; runs that no part holds yet make one of
 * their own. The same object where nothing is missing.
 */
export function coverRuns(held: RunParts | null, view: string, shown: readonly string[]): RunParts {
  const parts = held?.view === view ? held.parts : [];
  const known = new Set(parts.flatMap(({ runs }) => runs));
  const missing = shown.filter((id) => !known.has(id));
  if (missing.length === 0 && held?.view === view) return held;
  if (missing.length === 0) return { view, parts };
  const added = { runs: missing, buckets: bucketsFor(known.size + missing.length) };
  return { view, parts: [...parts, added] };
}
