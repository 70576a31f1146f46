/**
 * Makes a trainer's text safe to display: control characters become symbols (␛, ␀ …) and direction
 * marks become ⍰, so that nothing can be disguised. Tabs stay; line breaks stay on request.
 */
export function visibleText(text: string, { lineBreaks = false } = {}): string {
  let shown = "";
  let plainFrom = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const symbol = symbolOf(code, lineBreaks);
    if (symbol === null) continue;
    shown += text.slice(plainFrom, index) + symbol;
    plainFrom = index + 1;
  }
  return plainFrom === 0 ? text : shown + text.slice(plainFrom);
}

/** The placeholder of an unsafe character; null for a safe one. */
function symbolOf(code: number, lineBreaks: boolean): string | null {
  if (code < 0x20) {
    if (code === 9 || (lineBreaks && code === 10)) return null;
    return String.fromCharCode(0x2400 + code);
  }
  if (code === 0x7f) return "␡";
  if (code >= 0x80 && code < 0xa0) return "⍰";
  const turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return turns || code === 0x200e || code === 0x200f ? "⍰" : null;
}
