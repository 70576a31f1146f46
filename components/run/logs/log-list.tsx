"use client";

import type { LogLine } from "@signalbox/protocol/stream";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { formatInteger } from "@/lib/format/number";
import { LogRow } from "./log-row";

const rowHeight = 20;

interface LogListProps {
  count: number;
  /** The line number of a row, and the line itself as far as it is loaded. */
  numberAt: (index: number) => number;
  lineAt: (index: number) => LogLine | undefined;
  /** Tells which rows are on the screen. */
  onRange: (first: number, last: number) => void;
  /** Keeps the end in sight while lines arrive, until one scrolls up; null: has no end to follow. */
  follow: boolean | null;
  onFollow?: (follow: boolean) => void;
  /** A row to bring into sight; a new object asks again. */
  goTo: { index: number } | null;
  wrap: boolean;
  timestamps: boolean;
  needle: string;
  onJump?: (number: number) => void;
}

/** The scrolling lines: only those in sight are on the page. */
export function LogList({
  count,
  numberAt,
  lineAt,
  onRange,
  follow,
  onFollow,
  goTo,
  wrap,
  timestamps,
  needle,
  onJump,
}: LogListProps) {
  const box = useRef<HTMLDivElement>(null);
  const scrolledTo = useRef(0);
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(() => new Set());
  const [seen, setSeen] = useState(count);
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 20,
  });
  const rows = virtualizer.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? -1;
  const height = virtualizer.getTotalSize();
  const expand = useCallback(
    (number: number) => setExpanded((before) => new Set(before).add(number)),
    [],
  );
  if (follow && seen !== count) setSeen(count);

  useEffect(() => onRange(first, last), [first, last, onRange]);

  // The scroll position: at the end while following, also when a line turned out taller.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what moves the end.
  useLayoutEffect(() => {
    const element = box.current;
    if (follow && element) element.scrollTop = element.scrollHeight;
  }, [follow, count, height]);

  // The scroll position: at a line that was asked for.
  useEffect(() => {
    if (goTo) virtualizer.scrollToIndex(goTo.index, { align: "center" });
  }, [goTo, virtualizer]);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const up = element.scrollTop < scrolledTo.current - 1;
    scrolledTo.current = element.scrollTop;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight;
    if (follow === null) return;
    if (atEnd && !follow) onFollow?.(true);
    else if (up && !atEnd && follow) onFollow?.(false);
  };
  const fresh = Math.max(0, count - seen);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area is reached by keyboard.
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Log lines"
        className="absolute inset-0 overflow-auto overscroll-contain py-1 font-mono text-xs leading-5 outline-offset-[-2px]"
      >
        <div className="relative w-full" style={{ height }}>
          {rows.map((row) => {
            const number = numberAt(row.index);
            return (
              <div
                key={row.key}
                ref={virtualizer.measureElement}
                data-index={row.index}
                className="absolute top-0 left-0 min-w-full"
                style={{
                  transform: `translateY(${row.start}px)`,
                  width: wrap || expanded.has(number) ? "100%" : undefined,
                }}
              >
                <LogRow
                  number={number}
                  line={lineAt(row.index)}
                  wrap={wrap}
                  timestamps={timestamps}
                  needle={needle}
                  expanded={expanded.has(number)}
                  marked={row.index === goTo?.index}
                  onExpand={expand}
                  onJump={onJump}
                />
              </div>
            );
          })}
        </div>
      </div>
      {follow !== false ? null : (
        <Button
          size="sm"
          className="absolute right-4 bottom-3 rounded-full shadow-popup"
          onClick={() => onFollow?.(true)}
        >
          {fresh > 0 ? `${formatInteger(fresh)} new` : "To the end"}
          <ArrowDown aria-hidden />
        </Button>
      )}
    </div>
  );
}
