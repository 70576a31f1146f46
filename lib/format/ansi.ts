import Anser from "anser";
import { visibleText } from "./visible-text.ts";

/** A terminal colour: one of the eight named ones, or RGB. */
export type AnsiColour = { name: string } | { rgb: string };

/** A part of a log line with one style. `text` is plain text. */
export interface AnsiSpan {
  text: string;
  foreground: AnsiColour | null;
  background: AnsiColour | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strikethrough: boolean;
}

// Escape sequences that carry no colour: titles and links (OSC), DCS and their like up to their
// terminator, cursor movement (CSI not ending in `m`), and two-character escapes.
const ignoredEscapes = new RegExp(
  [
    "\\u001b[\\]P_^X][^\\u0007\\u001b]*(?:\\u0007|\\u001b\\\\)?",
    "\\u001b\\[[0-?]*[ -/]*[@-ln-~]",
    "\\u001b[ -/]*[0-OQ-WYZ\\\\`-~]",
  ].join("|"),
  "g",
);

/** What a terminal shows of a line that was rewritten with carriage returns. */
function afterCarriageReturns(text: string): string {
  if (!text.includes("\r")) return text;
  const segments = text.split("\r").filter((segment) => segment !== "");
  return segments.at(-1) ?? "";
}

function colour(name: string | null, rgb: string | null): AnsiColour | null {
  if (!name) return null;
  const named = /^ansi-(?:bright-)?(black|red|green|yellow|blue|magenta|cyan|white)$/.exec(name);
  if (named?.[1]) return { name: named[1] };
  const palette = /^ansi-palette-(\d{1,3})$/.exec(name);
  if (palette) return { rgb: paletteRgb(Number(palette[1])) };
  return rgb && /^\d{1,3}, ?\d{1,3}, ?\d{1,3}$/.test(rgb) ? { rgb } : null;
}

/** The 6 × 6 × 6 cube and the grey ramp of the 256-colour palette. */
function paletteRgb(index: number): string {
  if (index >= 232) {
    const grey = 8 + (Math.min(255, index) - 232) * 10;
    return `${grey}, ${grey}, ${grey}`;
  }
  const cube = Math.max(0, index - 16);
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level).join(", ");
}

/**
 * Splits a log line into styled spans; other escape sequences are removed, control characters
 * shown.
 */
export function ansiSpans(line: string): AnsiSpan[] {
  const text = afterCarriageReturns(line.replace(ignoredEscapes, ""));
  if (!text.includes("\u001b")) return [plainSpan(visibleText(text))];
  const entries = Anser.ansiToJson(text, { json: true, use_classes: true, remove_empty: true });
  return entries.map((entry) => {
    const has = (decoration: string) => entry.decorations.some((one) => one === decoration);
    return {
      text: visibleText(entry.content),
      foreground: colour(entry.fg, entry.fg_truecolor),
      background: colour(entry.bg, entry.bg_truecolor),
      bold: has("bold"),
      dim: has("dim"),
      italic: has("italic"),
      underline: has("underline"),
      strikethrough: has("strikethrough"),
    };
  });
}

function plainSpan(text: string): AnsiSpan {
  return {
    text,
    foreground: null,
    background: null,
    bold: false,
    dim: false,
    italic: false,
    underline: false,
    strikethrough: false,
  };
}

/** A log line without its colours, as it is searched and copied. */
export function ansiText(line: string): string {
  return ansiSpans(line)
    .map((span) => span.text)
    .join("");
}
