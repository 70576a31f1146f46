"use client";

import { columnGrid } from "@/components/table/column";
import { memoRow, TableRow } from "@/components/table/table-row";
import { cn } from "@/components/ui/cn";
import { type LogTableRow, textWidth } from "./log-columns";

/** The least height of a row in pixels. */
export const logRowHeight = 20;

/** One line of the log; an expanded line wraps even where the others do not. */
export const LogRow = memoRow<LogTableRow>(function LogRow(props) {
  const { row, columns } = props;
  const { number, line, marked } = row;
  const wraps = row.wrap || row.expanded;
  const { gridTemplateColumns } = columnGrid(
    columns.map(({ id, width }) => ({ width: id === "text" ? textWidth(wraps) : width })),
  );
  return (
    <TableRow
      {...props}
      gridTemplateColumns={gridTemplateColumns}
      attributes={{ "data-line": number, "data-stream": line?.stream }}
      className={cn(
        "min-h-5 min-w-full gap-3 border-l-2 pr-3 pl-2 hover:bg-hover",
        wraps ? "w-full" : "right-auto w-max",
        marked && "bg-accent-soft hover:bg-accent-soft",
        line?.stream === "stderr" ? "border-failed/70" : "border-transparent",
      )}
    />
  );
});
