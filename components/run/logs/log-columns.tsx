import type { LogLine } from "@signalbox/protocol/stream/stream-row";
import type { Column } from "@/components/table/column";
import { cn } from "@/components/ui/cn";
import { formatInteger } from "@/lib/format/number";
import { formatClockMillis, formatExact } from "@/lib/format/time";
import { AnsiLine } from "./ansi-line";

/** Longer lines are cut until the reader asks for the rest. */
const shownCharacters = 2000;

/** A row of the log: a line's number, and the line once that is loaded. */
export interface LogTableRow {
  number: number;
  line: LogLine | undefined;
  /** The text to highlight. */
  needle: string;
  wrap: boolean;
  /** A long line that is shown whole. */
  expanded: boolean;
  /** The line that was jumped to. */
  marked: boolean;
  onExpand: (number: number) => void;
  /** In a list of matches: shows the line in its context. */
  onJump?: ((number: number) => void) | undefined;
}

/** The track of the text; a line that does not wrap is as wide as its text. */
export function textWidth(wrap: boolean): string {
  return wrap ? "minmax(0, 1fr)" : "max-content";
}

/** The columns of the log: number, time where asked for, text. */
export function logColumns(options: { timestamps: boolean; wrap: boolean }) {
  const cell = "block overflow-visible px-0";
  const columns: Column<LogTableRow>[] = [
    {
      id: "number",
      title: "Line",
      width: "3rem",
      className: cn(cell, "text-right"),
      cell: (row) => <LineNumber {...row} />,
    },
  ];
  if (options.timestamps) {
    columns.push({
      id: "time",
      title: "Time",
      width: "5.5rem",
      className: cell,
      cell: ({ line }) => <LineTime line={line} />,
    });
  }
  columns.push({
    id: "text",
    title: "Text",
    width: textWidth(options.wrap),
    className: cell,
    cell: (row) => <LineText {...row} />,
  });
  return columns;
}

function LineNumber({ number, onJump }: LogTableRow) {
  return onJump ? (
    <button
      type="button"
      onClick={() => onJump(number)}
      aria-label={`Show line ${number} in context`}
      className="nums text-accent-ink hover:underline"
    >
      {formatInteger(number)}
    </button>
  ) : (
    <span aria-hidden className="nums text-faint select-none">
      {formatInteger(number)}
    </span>
  );
}

function LineTime({ line }: Pick<LogTableRow, "line">) {
  if (!line) return null;
  return (
    <time dateTime={line.ts} title={formatExact(line.ts)} className="nums text-faint select-none">
      {formatClockMillis(line.ts)}
    </time>
  );
}

function LineText({ number, line, needle, wrap, expanded, onExpand }: LogTableRow) {
  if (!line) {
    return (
      <span aria-hidden className="my-1.5 block h-2 w-64 animate-shimmer rounded-sm bg-active" />
    );
  }
  const cut = !expanded && line.text.length > shownCharacters;
  return (
    <span
      className={
        wrap || expanded
          ? "break-words whitespace-pre-wrap [overflow-wrap:anywhere]"
          : "whitespace-pre"
      }
    >
      {line.stream === "stderr" ? <span className="sr-only">stderr: </span> : null}
      <AnsiLine text={cut ? line.text.slice(0, shownCharacters) : line.text} needle={needle} />
      {cut ? (
        <button
          type="button"
          onClick={() => onExpand(number)}
          className="ml-1 rounded-sm bg-active px-1 text-accent-ink hover:underline"
        >
          … show all {formatInteger(line.text.length)} characters
        </button>
      ) : null}
    </span>
  );
}
