import stringWidth from "string-width";
import { plainText } from "../handlers/plain-text.ts";

export interface Column {
  title: string;
  right?: boolean;
  /** Shrinks if the terminal is narrow. */
  flexible?: boolean;
}

export interface Cell {
  text: string;
  /** The same text with colour codes. */
  painted?: string;
}

const segmenter = new Intl.Segmenter();

/** Cuts a text to a width in terminal columns, with an ellipsis where something is missing. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const more = stringWidth(segment);
    if (used + more > width - 1) break;
    kept += segment;
    used += more;
  }
  return `${kept}…`;
}

/** Rows as tab-separated lines below a header: whole values, for other programs. */
export function tabSeparated(columns: readonly Column[], rows: readonly Cell[][]): string[] {
  return [
    columns.map(({ title }) => title.toLowerCase().replaceAll(" ", "_")).join("\t"),
    ...rows.map((row) => row.map(({ text }) => plainText(text)).join("\t")),
  ];
}

/** Rows in columns for a terminal of `width` columns; flexible ones shrink, the last one first. */
export function aligned(
  columns: readonly Column[],
  rows: readonly Cell[][],
  width: number,
  colour: boolean,
): string[] {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: plainText(cell.text) })));
  const widths = columns.map(({ title }, i) =>
    Math.max(stringWidth(title), ...clean.map((row) => stringWidth(row[i]?.text ?? ""))),
  );
  const gap = 2;
  let excess = widths.reduce((sum, one) => sum + one + gap, -gap) - width;
  for (const [i, { flexible }] of [...columns.entries()].reverse()) {
    const current = widths[i] ?? 0;
    if (!flexible || excess <= 0) continue;
    const next = Math.max(8, current - excess);
    excess -= current - next;
    widths[i] = next;
  }
  const line = (cells: readonly Cell[]) =>
    cells
      .map((cell, i) => {
        const columnWidth = widths[i] ?? 0;
        const text = truncate(cell.text, columnWidth);
        const shown = colour && text === cell.text ? (cell.painted ?? text) : text;
        const fill = " ".repeat(Math.max(0, columnWidth - stringWidth(text)));
        return columns[i]?.right ? fill + shown : shown + fill;
      })
      .join(" ".repeat(gap))
      .trimEnd();
  const titles = columns.map(({ title }) => ({
    text: title,
    painted: `\u001b[2m${title}\u001b[0m`,
  }));
  return [line(titles), ...clean.map(line)];
}
