/** A text cut at a whole character; `hidden` counts the remaining characters. */
export interface Folded {
  shown: string;
  hidden: number;
}

/** The start of a text, limited in lines and characters. */
export function foldText(text: string, { characters = 600, lines = 12 } = {}): Folded {
  let end = Math.min(text.length, characters);
  let breaks = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
    breaks += 1;
    if (breaks === lines) end = at;
  }
  // Collapsing a little would save less space than the button takes.
  if (text.length - end < characters / 10 && breaks < lines) return { shown: text, hidden: 0 };
  const code = text.charCodeAt(end - 1);
  if (end < text.length && code >= 0xd800 && code < 0xdc00) end -= 1;
  return { shown: text.slice(0, end), hidden: text.length - end };
}

/** Longer texts are not formatted. */
const mostJson = 262_144;

/**
 * The re-indented text of a JSON object or array, else null. Numbers, strings and key order stay as
 * written.
 */
export function formatJson(text: string): string | null {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed) || trimmed.length > mostJson) return null;
  try {
    JSON.parse(trimmed);
  } catch {
    return null;
  }
  return indent(trimmed);
}

const jsonToken = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function indent(json: string): string {
  let depth = 0;
  let out = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  let previous = "";
  for (const [token] of json.matchAll(jsonToken)) {
    if (token === "}" || token === "]") {
      depth -= 1;
      out += previous === "{" || previous === "[" ? token : line() + token;
    } else {
      if (previous === "{" || previous === "[" || previous === ",") out += line();
      out += token === ":" ? ": " : token;
      if (token === "{" || token === "[") depth += 1;
    }
    previous = token;
  }
  return out;
}
