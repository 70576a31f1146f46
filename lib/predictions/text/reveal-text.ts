import { visibleText } from "../../format/visible-text.ts";

export interface TextPiece {
  text: string;
  /** The name of the character that a placeholder stands for; null for plain text. */
  name: string | null;
}

/** Invisible characters besides white space. */
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

function placeholder(character: string): TextPiece {
  const known = symbols[character];
  if (known) return { text: known[0], name: known[1] };
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return { text: String.fromCharCode(0x2400 + code), name: codePoint(character) };
  if (code === 0x7f) return { text: "␡", name: codePoint(character) };
  return { text: codePoint(character), name: codePoint(character) };
}

/**
 * Splits a text into pieces that are safe to display. White space and invisible characters get
 * placeholders when `reveal` is set; controls and direction marks always do, as do line breaks
 * where the text must stay on one line.
 */
export function revealText(text: string, reveal: boolean, lineBreaks = true): TextPiece[] {
  if (!reveal) return text === "" ? [] : [{ text: visibleText(text, { lineBreaks }), name: null }];
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(either)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), name: null });
    const piece = placeholder(match[0]);
    if (!lineBreaks) piece.text = piece.text.replace("\n", "");
    const last = pieces.at(-1);
    // A run of spaces is one piece, which limits the number of elements.
    if (last?.name === piece.name && from === match.index) last.text += piece.text;
    else pieces.push(piece);
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), name: null });
  return pieces;
}

/** Joiners and variation selectors belong to emoji and to scripts that need them. */
const visibleJoiners = /[\n\t\r\u200c\u200d]|\p{Variation_Selector}/u;

/** The number of invisible characters. */
export function countInvisible(text: string): number {
  let count = text.match(/\u00a0/g)?.length ?? 0;
  for (const [character] of text.matchAll(onlyInvisible)) {
    if (!visibleJoiners.test(character)) count += 1;
  }
  return count;
}
