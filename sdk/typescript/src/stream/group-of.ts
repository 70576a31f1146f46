/** The part of a series' name before its first `/` or `.`; null if it has none. */
export function groupOf(name: string): string | null {
  const end = name.search(/[/.]/);
  return end > 0 ? name.slice(0, end) : null;
}
