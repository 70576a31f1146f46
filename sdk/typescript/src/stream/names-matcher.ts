import { seriesNameKey } from "@signalbox/protocol/data/series-name";

/** Whether a series has one of some names, in which `*` matches any text, and `.` and `/` are the same. */
export function namesMatcher(names: readonly string[]): (name: string) => boolean {
  const keys = names.map(seriesNameKey);
  const exact = new Set(keys.filter((key) => !key.includes("*")));
  const globs = keys.filter((key) => key.includes("*"));
  return (name) => {
    const key = seriesNameKey(name);
    return exact.has(key) || globs.some((glob) => matchesGlob(glob, key));
  };
}

/** Whether a text matches a pattern in which `*` matches any text; linear for every pattern. */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return pattern === text;
  if (text.length < first.length + last.length) return false;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
