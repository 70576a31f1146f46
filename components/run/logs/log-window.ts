import type { LogLine } from "@signalbox/protocol/stream/stream-row";

/** Lines per request. */
export const logPageSize = 500;

/** Browsers limit scroll areas to about 30 million pixels; older lines are left out. */
export const maxLogRows = 800_000;

/** The pages (from 0) that hold the lines `first`–`last` (from 1). */
export function pagesOf(first: number, last: number): number[] {
  if (last < first || last < 1) return [];
  const from = Math.floor((Math.max(1, first) - 1) / logPageSize);
  const to = Math.floor((last - 1) / logPageSize);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Finds a line by number in an ascending list, which may have gaps. */
export function findLine(lines: readonly LogLine[], number: number): LogLine | undefined {
  const first = lines[0];
  if (!first) return undefined;
  const guess = lines[number - first.line];
  if (guess?.line === number) return guess;
  let low = 0;
  let high = lines.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const line = lines[middle];
    if (!line) return undefined;
    if (line.line === number) return line;
    if (line.line < number) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}

export interface Highlight {
  text: string;
  match: boolean;
}

/** Splits a text at the occurrences of a needle, ignoring case. */
export function highlight(text: string, needle: string): Highlight[] {
  if (needle === "") return [{ text, match: false }];
  const lower = text.toLowerCase();
  // Lower-casing may change a text's length; then the offsets differ and nothing is marked.
  if (lower.length !== text.length) return [{ text, match: false }];
  const wanted = needle.toLowerCase();
  const parts: Highlight[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), match: false });
    from = at + wanted.length;
    parts.push({ text: text.slice(at, from), match: true });
  }
  if (from < text.length || parts.length === 0)
    parts.push({ text: text.slice(from), match: false });
  return parts;
}

/** Whether a live line matches the search. */
export function matchesLog(line: LogLine, needle: string): boolean {
  return line.text.toLowerCase().includes(needle.toLowerCase());
}
