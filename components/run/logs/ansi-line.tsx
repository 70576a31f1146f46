import type { CSSProperties } from "react";
import { type AnsiColour, type AnsiSpan, ansiSpans } from "@/lib/format/ansi";
import { highlight } from "./log-window";

/** The terminal's named colours as theme colours, which are legible in light and dark. */
const named: Record<string, string> = {
  black: "var(--faint)",
  red: "var(--state-failed)",
  green: "var(--state-succeeded)",
  yellow: "var(--state-paused)",
  blue: "var(--state-running)",
  magenta: "var(--series-4)",
  cyan: "var(--series-5)",
  white: "var(--ink)",
};

/** Custom colours are mixed with the text colour, so that they stay legible. */
function textColour(colour: AnsiColour): string | undefined {
  if ("name" in colour) return named[colour.name];
  return `color-mix(in oklab, rgb(${colour.rgb}) 60%, var(--ink))`;
}

function backgroundColour(colour: AnsiColour): string {
  const base = "name" in colour ? (named[colour.name] ?? "var(--ink)") : `rgb(${colour.rgb})`;
  return `color-mix(in oklab, ${base} 22%, transparent)`;
}

function spanStyle(span: AnsiSpan): CSSProperties | undefined {
  const style: CSSProperties = {};
  if (span.foreground && !span.background) style.color = textColour(span.foreground);
  if (span.background) style.backgroundColor = backgroundColour(span.background);
  if (span.bold) style.fontWeight = 600;
  if (span.dim) style.opacity = 0.75;
  if (span.italic) style.fontStyle = "italic";
  if (span.underline) style.textDecorationLine = "underline";
  if (span.strikethrough) style.textDecorationLine = "line-through";
  return Object.keys(style).length > 0 ? style : undefined;
}

function Marked({ text, needle }: { text: string; needle: string }) {
  if (needle === "") return text;
  let at = 0;
  return highlight(text, needle).map((part) => {
    const key = at;
    at += part.text.length;
    return part.match ? (
      <mark key={key} className="rounded-[2px] bg-paused/30 text-inherit">
        {part.text}
      </mark>
    ) : (
      part.text
    );
  });
}

interface AnsiLineProps {
  text: string;
  needle?: string;
}

/** A log line with its colours. Every part is rendered as text, never as markup. */
export function AnsiLine({ text, needle = "" }: AnsiLineProps) {
  let at = 0;
  return ansiSpans(text).map((span) => {
    const key = at;
    at += span.text.length;
    return (
      <span key={key} style={spanStyle(span)}>
        <Marked text={span.text} needle={needle} />
      </span>
    );
  });
}
