/** A long text cut at a whole character; `hidden` counts what is left out, in characters. */
export interface Folded {
  shown: string;
  hidden: number;
}

/** The beginning of a text, at most so many lines and characters. */
export function foldText(text: string, { characters = 600, lines = 12 } = {}): Folded {
  let end = Math.min(text.length, characters);
  let breaks = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) {
    breaks += 1;
    if (breaks === lines) end = at;
  }
  // Folding a little would hide less than the button that unfolds it takes.
  if (text.length - end < characters / 10 && breaks < lines) return { shown: text, hidden: 0 };
  const code = text.charCodeAt(end - 1);
  if (end < text.length && code >= 0xd800 && code < 0xdc00) end -= 1;
  return { shown: text.slice(0, end), hidden: text.length - end };
}

/** Texts beyond this are shown as they are: nobody reads them formatted. */
const mostJson = 262_144;

/**
 * The text re-indented where it is a JSON object or array, else null. Numbers, strings and the order
 * of keys stay exactly as they were written.
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
