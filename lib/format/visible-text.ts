/**
 * Text from a trainer, made safe to look at: control characters become their symbols (␛, ␀ …) and
 * marks that turn the direction of text become ⍰, so that nothing on the page can be disguised.
 * Tabs stay; line breaks stay only where asked.
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

/** The stand-in of a character that must not act; null for one that may. */
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
