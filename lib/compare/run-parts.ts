/** A run in one generation of its data. */
export interface RunRef {
  id: string;
  generation: string;
}

/** Runs whose series are read by one request. */
interface RunPart {
  runs: readonly RunRef[];
  /** Buckets of each line. */
  buckets: number;
}

/** How the runs of a page are divided among requests, for one view. */
export interface RunParts {
  /** Zoom and axis as text: another view is read anew, for the runs that it shows. */
  view: string;
  parts: readonly RunPart[];
}

/** Fewer points a line if there are many lines: the reply stays as large as the picture. */
function bucketsFor(runs: number): number {
  if (runs <= 10) return 400;
  return runs <= 25 ? 240 : 120;
}

/** The same text for the same data: a run that began anew has another generation. */
export function refKey({ id, generation }: RunRef): string {
  return `${id} ${generation}`;
}

/**
 * The parts in which the shown runs are read. Within a view a part never changes, so hiding,
 * showing or removing a run reads nothing again. Runs that no part covers yet form a new part.
 * Returns the same object if nothing is missing.
 */
export function coverRuns(held: RunParts | null, view: string, shown: readonly RunRef[]): RunParts {
  const parts = held?.view === view ? held.parts : [];
  const known = new Set(parts.flatMap(({ runs }) => runs.map(refKey)));
  const missing = shown.filter((run) => !known.has(refKey(run)));
  if (missing.length === 0 && held?.view === view) return held;
  if (missing.length === 0) return { view, parts };
  const runs = missing.map(({ id, generation }) => ({ id, generation }));
  return { view, parts: [...parts, { runs, buckets: bucketsFor(known.size + runs.length) }] };
}
