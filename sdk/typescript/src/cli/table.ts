import { plainText } from "../handlers/plain-text.ts";

export interface Column {
  title: string;
  right?: boolean;
  /** Gives way where the terminal is narrow. */
  flexible?: boolean;
}

export interface Cell {
  text: string;
  /** The same with colours. */
  painted?: string;
}

const wide =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;
const segmenter = new Intl.Segmenter();

/** How many columns of a terminal a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1;
  return width;
}

/** A text cut to a width, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const more = displayWidth(segment);
    if (used + more > width - 1) break;
    kept += segment;
    used += more;
  }
  return `${kept}…`;
}

/** Rows as tab-separated lines under their titles: whole values, for other programs. */
export function tabSeparated(columns: readonly Column[], rows: readonly Cell[][]): string[] {
  return [
    columns.map(({ title }) => title.toLowerCase().replaceAll(" ", "_")).join("\t"),
    ...rows.map((row) => row.map(({ text }) => plainText(text)).join("\t")),
  ];
}

/** Rows in columns for a terminal `width` wide; the flexible ones give way, the last one first. */
export function aligned(
  columns: readonly Column[],
  rows: readonly Cell[][],
  width: number,
  colour: boolean,
): string[] {
  const clean = rows.map((row) => row.map((cell) => ({ ...cell, text: plainText(cell.text) })));
  const widths = columns.map(({ title }, i) =>
    Math.max(displayWidth(title), ...clean.map((row) => displayWidth(row[i]?.text ?? ""))),
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
        const room = widths[i] ?? 0;
        const text = cut(cell.text, room);
        const shown = colour && text === cell.text ? (cell.painted ?? text) : text;
        const fill = " ".repeat(Math.max(0, room - displayWidth(text)));
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
