export interface HeldOrder {
  order: readonly string[];
  /** New rows that would go above or between those shown. */
  waiting: number;
}

/**
 * Keeps rows in place while the reader uses them: rows keep their order, removed rows go, rows
 * below the last one are added, and all other new rows wait.
 */
export function holdOrder(
  shown: readonly string[],
  next: readonly string[],
  exists: (id: string) => boolean,
): HeldOrder {
  const kept = shown.filter(exists);
  const seen = new Set(kept);
  const last = kept.at(-1);
  const lastPlace = last === undefined ? -1 : next.indexOf(last);
  const below = lastPlace < 0 ? [] : next.slice(lastPlace + 1).filter((id) => !seen.has(id));
  const fresh = next.filter((id) => !seen.has(id)).length;
  const order = below.length === 0 && kept.length === shown.length ? shown : [...kept, ...below];
  return { order, waiting: fresh - below.length };
}

export function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((id, index) => id === b[index]));
}
