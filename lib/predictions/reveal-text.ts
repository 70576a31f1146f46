import { visibleText } from "../format/visible-text.ts";

export interface TextPiece {
  text: string;
  /** A stand-in for a character that has no look of its own; names it. */
  mark: string | null;
}

/** Characters without width or look, besides white space. */
const invisible = /\p{Default_Ignorable_Code_Point}|[\ufff9-\ufffb]|\p{Cc}/u;
const spaces = /[ \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;
const either = new RegExp(`${invisible.source}|${spaces.source}`, "gu");
const onlyInvisible = new RegExp(invisible.source, "gu");

const symbols: Record<string, readonly [string, string]> = {
  " ": ["·", "space"],
  "\t": ["→\t", "tab"],
  "\n": ["↵\n", "line break"],
  "\r": ["␍", "carriage return"],
  "\u00a0": ["⍽", "no-break space"],
};

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function stand(character: string): TextPiece {
  const known = symbols[character];
  if (known) return { text: known[0], mark: known[1] };
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return { text: String.fromCharCode(0x2400 + code), mark: codePoint(character) };
  if (code === 0x7f) return { text: "␡", mark: codePoint(character) };
  return { text: codePoint(character), mark: codePoint(character) };
}

/**
 * A text in pieces that are safe to show. White space and invisible characters get stand-ins when
 * `reveal` is set; what could act or disguise (controls, direction marks) always does, and so do
 * line breaks where the text must stay on one line.
 */
export function revealText(text: string, reveal: boolean, lineBreaks = true): TextPiece[] {
  if (!reveal) return text === "" ? [] : [{ text: visibleText(text, { lineBreaks }), mark: null }];
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(either)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), mark: null });
    const piece = stand(match[0]);
    if (!lineBreaks) piece.text = piece.text.replace("\n", "");
    const last = pieces.at(-1);
    // A row of spaces is one piece: a long text must not become thousands of elements.
    if (last?.mark === piece.mark && from === match.index) last.text += piece.text;
    else pieces.push(piece);
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), mark: null });
  return pieces;
}

/** Joiners and variation selectors belong to emoji and to scripts that need them. */
const usual = /[\n\t\r\u200c\u200d]|\p{Variation_Selector}/u;

/** How many characters a reader cannot see, though they may matter. */
export function countInvisible(text: string): number {
  let count = text.match(/\u00a0/g)?.length ?? 0;
  for (const [character] of text.matchAll(onlyInvisible)) {
    if (!usual.test(character)) count += 1;
  }
  return count;
}
