"use client";

import type { LogLine } from "@signalbox/protocol/stream";
import { memo } from "react";
import { cn } from "@/components/ui/cn";
import { formatInteger } from "@/lib/format/number";
import { formatClockMillis, formatExact } from "@/lib/format/time";
import { AnsiLine } from "./ansi-line";

/** Longer lines are cut until one asks for the whole. */
const shownCharacters = 2000;

interface LogRowProps {
  number: number;
  line: LogLine | undefined;
  wrap: boolean;
  timestamps: boolean;
  needle: string;
  expanded: boolean;
  /** The line one has come for. */
  marked?: boolean;
  onExpand: (number: number) => void;
  /** In a list of matches: shows the line among its neighbours. */
  onJump?: ((number: number) => void) | undefined;
}

/** One line of the log: number, time, text. */
export const LogRow = memo(function LogRow({
  number,
  line,
  wrap,
  timestamps,
  needle,
  expanded,
  marked = false,
  onExpand,
  onJump,
}: LogRowProps) {
  const stderr = line?.stream === "stderr";
  const cut = line !== undefined && !expanded && line.text.length > shownCharacters;
  return (
    <div
      data-line={number}
      data-stream={line?.stream}
      className={cn(
        "flex min-h-5 w-max min-w-full gap-3 border-l-2 pr-3 pl-2 hover:bg-hover",
        (wrap || expanded) && "w-full",
        marked && "bg-accent-soft hover:bg-accent-soft",
        stderr ? "border-failed/70" : "border-transparent",
      )}
    >
      {onJump ? (
        <button
          type="button"
          onClick={() => onJump(number)}
          aria-label={`Show line ${number} among its neighbours`}
          className="nums w-12 shrink-0 text-right text-accent-ink hover:underline"
        >
          {formatInteger(number)}
        </button>
      ) : (
        <span aria-hidden className="nums w-12 shrink-0 text-right text-faint select-none">
          {formatInteger(number)}
        </span>
      )}
      {timestamps ? (
        <time
          dateTime={line?.ts}
          title={line ? formatExact(line.ts) : undefined}
          className="nums w-22 shrink-0 text-faint select-none"
        >
          {line ? formatClockMillis(line.ts) : ""}
        </time>
      ) : null}
      {line ? (
        <span
          className={cn(
            "min-w-0 flex-1",
            wrap || expanded
              ? "break-words whitespace-pre-wrap [overflow-wrap:anywhere]"
              : "whitespace-pre",
          )}
        >
          {stderr ? <span className="sr-only">stderr: </span> : null}
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
      ) : (
        <span aria-hidden className="my-1.5 h-2 w-64 animate-shimmer rounded-sm bg-active" />
      )}
    </div>
  );
});
