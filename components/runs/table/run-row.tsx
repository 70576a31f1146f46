"use client";

import type { Job } from "@signalbox/protocol/job";
import Link from "next/link";
import { type CSSProperties, memo, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatePill } from "@/components/ui/status/state-pill";
import type { ColumnId } from "./column-ids";
import { MetricCell, ProgressCell } from "./run-cells";
import { runCell } from "./runs-columns";

export interface RunRowProps {
  job: Job;
  columns: readonly ColumnId[];
  /** The run that others are measured against. */
  base: Job | null;
  selected: boolean;
  onSelect: (id: string, selected: boolean, range: boolean) => void;
  /** Position and grid, as the virtualizer and the columns give them. */
  style: CSSProperties;
  index: number;
}

interface RowProps extends Omit<RunRowProps, "columns" | "base"> {
  className: string;
  /** Where the box stands in its row. */
  boxClassName: string;
  children: ReactNode;
}

/** What a run's row has in both layouts: its place in the list, its look, the box to select it. */
function Row({
  job,
  selected,
  onSelect,
  style,
  index,
  className,
  boxClassName,
  children,
}: RowProps) {
  return (
    <tr
      data-row={job.id}
      data-line={index}
      aria-rowindex={index + 2}
      style={style}
      className={cn(
        "group/row absolute inset-x-0 top-0 grid items-center border-b border-line/70 text-sm hover:bg-hover focus-within:bg-hover",
        className,
        selected && "bg-accent-soft/70 focus-within:bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <Cell className={boxClassName}>
        <Checkbox
          checked={selected}
          aria-label={`Select ${job.name}`}
          onCheckedChange={(checked, { event }) =>
            onSelect(job.id, checked, event instanceof MouseEvent && event.shiftKey)
          }
        />
      </Cell>
      {children}
    </tr>
  );
}

function NameLink({ job, className }: { job: Job; className?: string }) {
  return (
    <Link
      href={`/runs/${encodeURIComponent(job.id)}`}
      data-run-link={job.id}
      title={job.name}
      prefetch={false}
      className={cn(
        "min-w-0 truncate rounded-sm font-medium text-ink outline-offset-2 hover:underline hover:decoration-line-strong hover:underline-offset-3",
        className,
      )}
    >
      {job.name}
    </Link>
  );
}

const same = (a: RunRowProps, b: RunRowProps) =>
  a.job === b.job &&
  a.selected === b.selected &&
  a.index === b.index &&
  a.columns === b.columns &&
  a.base === b.base &&
  a.style.transform === b.style.transform &&
  a.style.gridTemplateColumns === b.style.gridTemplateColumns;

/** One run in a line of 34 px. */
export const RunRow = memo(function RunRow({ columns, base, ...row }: RunRowProps) {
  const { job } = row;
  return (
    <Row {...row} className="h-8.5" boxClassName="pl-3 sm:pl-4">
      <Cell header>
        <NameLink job={job} />
      </Cell>
      {columns.map((id) => (
        <Cell key={id}>{runCell(id, job, base)}</Cell>
      ))}
    </Row>
  );
}, same);

function Cell({
  children,
  header = false,
  className,
}: {
  children: ReactNode;
  header?: boolean;
  className?: string;
}) {
  const classes = cn(
    "flex min-w-0 items-center px-1.5 font-normal",
    !header && "overflow-hidden",
    className,
  );
  return header ? (
    <th scope="row" className={classes}>
      {children}
    </th>
  ) : (
    <td className={classes}>{children}</td>
  );
}

/** One run in two lines, for a phone. */
export const RunRowPhone = memo(function RunRowPhone({ columns, base, ...row }: RunRowProps) {
  const { job } = row;
  return (
    <Row
      {...row}
      className="h-17 grid-cols-[2.25rem_1fr] pr-3"
      boxClassName="self-start pt-3.5 pl-3"
    >
      <Cell header className="flex-col items-stretch gap-1.5">
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
      </Cell>
    </Row>
  );
}, same);
