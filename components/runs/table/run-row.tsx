"use client";

import {
  memoRow,
  type RowProps,
  rowPosition,
  TableCell,
  TableRow,
} from "@/components/table/table-row";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatePill } from "@/components/ui/status/state-pill";
import { GroupRow } from "./group-row";
import { NameLink } from "./name-link";
import { MetricCell, ProgressCell } from "./run-cells";
import { SelectBox } from "./table-columns";
import type { RunsTableRow } from "./table-rows";

const rowClasses = (selected: boolean) =>
  cn(
    "group/row items-center border-b border-line/70 text-sm hover:bg-hover focus-within:bg-hover",
    selected && "bg-accent-soft/70 focus-within:bg-accent-soft hover:bg-accent-soft",
  );

/** The heights of a row in pixels. */
export const rowHeights = { line: 34, phone: 68 };

/** A row of the runs table: a run in one line, a group's heading, or a placeholder. */
export const RunRow = memoRow<RunsTableRow>(function RunRow(props) {
  const { row } = props;
  if (row.kind === "group") return <GroupRow {...props} row={row} height={rowHeights.line} />;
  if (row.kind === "loading") return <LoadingRow {...props} height={rowHeights.line} />;
  return (
    <TableRow
      {...props}
      attributes={{ "data-row": row.job.id }}
      className={cn(rowClasses(row.selected), "h-8.5")}
    />
  );
});

/** The same on a phone: a run in two lines. */
export const RunRowPhone = memoRow<RunsTableRow>(function RunRowPhone(props) {
  const { row } = props;
  if (row.kind === "group") return <GroupRow {...props} row={row} height={rowHeights.phone} />;
  if (row.kind === "loading") return <LoadingRow {...props} height={rowHeights.phone} />;
  const { job } = row;
  return (
    <TableRow
      {...props}
      attributes={{ "data-row": job.id }}
      className={cn(rowClasses(row.selected), "h-17 grid-cols-[2.25rem_1fr] pr-3")}
    >
      <TableCell className="self-start pt-3.5 pl-3">
        <SelectBox {...row} />
      </TableCell>
      <TableCell header className="flex-col items-stretch gap-1.5">
        <span className="flex min-w-0 items-center justify-between gap-2">
          <NameLink
            job={job}
            className="after:absolute after:inset-y-0 after:right-0 after:left-9"
          />
          <StatePill status={job.status} />
        </span>
        <span className="flex min-w-0 items-center justify-between gap-3 text-xs">
          <span className="flex min-w-0 flex-1">
            {job.progress === null && job.error === null ? (
              <RelativeTime value={job.started_at ?? job.created_at} className="text-muted" />
            ) : (
              <ProgressCell job={job} />
            )}
          </span>
          <MetricCell job={job} compact />
        </span>
      </TableCell>
    </TableRow>
  );
});

function LoadingRow({ height, ...row }: RowProps<RunsTableRow> & { height: number }) {
  return (
    <tr
      aria-hidden
      style={{ ...rowPosition(row), height }}
      className="absolute inset-x-0 top-0 flex items-center border-b border-line/70"
    >
      <td className="pl-11">
        <Skeleton className="w-40 opacity-50" />
      </td>
    </tr>
  );
}
