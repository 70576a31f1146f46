"use client";

import type { LogLine } from "@signalbox/protocol/stream/stream-row";
import { ArrowDown } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import type { FollowEnd } from "@/components/table/use-follow-end";
import { VirtualTable } from "@/components/table/virtual-table";
import { Button } from "@/components/ui/button";
import { formatInteger } from "@/lib/format/number";
import { logColumns } from "./log-columns";
import { LogRow, logRowHeight } from "./log-row";

interface LogSource {
  count: number;
  /** The line number of a row. */
  numberAt: (index: number) => number;
  /** The line of a row once it is loaded. */
  lineAt: (index: number) => LogLine | undefined;
  /** Called with the rows in view. */
  onRange: (first: number, last: number) => void;
}

interface LogListProps {
  lines: LogSource;
  view: { wrap: boolean; timestamps: boolean; needle: string };
  /** Keeps the end in view while lines arrive; null in a list of matches. */
  follow: FollowEnd | null;
  /** A row to bring into view; a new object asks again. */
  goTo?: { index: number } | null;
  /** In a list of matches: shows the line in its context. */
  onJump?: (number: number) => void;
}

/** The scrolling lines of a log. */
export function LogList({ lines, view, follow, goTo = null, onJump }: LogListProps) {
  const { count, numberAt, lineAt, onRange } = lines;
  const { wrap, timestamps, needle } = view;
  const [expanded, setExpanded] = useState<ReadonlySet<number>>(() => new Set());
  const [seen, setSeen] = useState(count);
  if (follow?.following && seen !== count) setSeen(count);
  const onExpand = useCallback(
    (number: number) => setExpanded((before) => new Set(before).add(number)),
    [],
  );
  const columns = useMemo(() => logColumns({ timestamps, wrap }), [timestamps, wrap]);
  const target = useMemo(() => (goTo ? { ...goTo, align: "center" as const } : null), [goTo]);
  const fresh = Math.max(0, count - seen);

  return (
    <div className="relative min-h-0 flex-1">
      <VirtualTable
        label="Log lines"
        columns={columns}
        source={{
          count,
          rowAt: (index) => {
            const number = numberAt(index);
            return {
              number,
              line: lineAt(index),
              needle,
              wrap,
              expanded: expanded.has(number),
              marked: index === goTo?.index,
              onExpand,
              onJump,
            };
          },
          onRange,
        }}
        layout={{ Row: LogRow, height: logRowHeight, measured: true, overscan: 20 }}
        heading={null}
        scroll={{
          goTo: target,
          follow,
          attributes: {
            // A scroll area must be reachable by keyboard.
            tabIndex: 0,
            role: "log",
            "aria-live": "off",
            "aria-label": "Log",
            className: "absolute inset-0 py-1 font-mono text-xs leading-5 outline-offset-[-2px]",
          },
        }}
      />
      {follow === null || follow.following ? null : (
        <Button
          size="sm"
          className="absolute right-4 bottom-3 rounded-full shadow-popup"
          onClick={() => follow.onChange(true)}
        >
          {fresh > 0 ? `${formatInteger(fresh)} new` : "Jump to end"}
          <ArrowDown aria-hidden />
        </Button>
      )}
    </div>
  );
}
