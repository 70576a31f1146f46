export interface HeldOrder {
  order: readonly string[];
  /** Rows that would stand above or between those shown, kept back for now. */
  waiting: number;
}

/**
 * Keeps rows where they are while somebody points at them: what is shown stays in its order, rows
 * that are gone leave, rows below the last one join, all others wait.
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
