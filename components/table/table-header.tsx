"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { type Column, nextSort, sortDirection } from "./column";
import { useColumnMoves } from "./use-column-moves";

export interface TableHeading<Sort extends string> {
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Called with the movable columns in their new order. */
  onOrder?: (ids: string[]) => void;
  /** Shown in place of a column's title, by its id. */
  heads?: Record<string, ReactNode>;
  className?: string;
}

interface TableHeaderProps<Row, Sort extends string> {
  columns: readonly Column<Row, Sort>[];
  heading: TableHeading<Sort>;
  gridTemplateColumns: string;
  /** Keeps the header for screen readers only. */
  hidden: boolean;
}

/** The height of the header in pixels. */
export const headerHeight = 34;

/** Column titles that sort and can be moved. */
export function TableHeader<Row, Sort extends string>(props: TableHeaderProps<Row, Sort>) {
  const { columns, heading, gridTemplateColumns, hidden } = props;
  const movable = columns.filter((column) => column.movable);
  const titled = columns.filter((column) => column.title !== "");
  const moves = useColumnMoves(
    movable,
    titled.length - movable.length,
    heading.onOrder ?? (() => {}),
  );
  return (
    <thead
      className={cn(
        "sticky top-0 z-10 block border-b border-line bg-canvas",
        heading.className,
        hidden && "sr-only static",
      )}
    >
      <tr className="grid h-8.5 items-center" style={{ gridTemplateColumns }}>
        {columns.map((column) => (
          <ColumnHead
            key={column.id}
            column={column}
            heading={heading}
            moves={column.movable ? moves : null}
          />
        ))}
        {movable.length === 0 ? null : (
          <td className="sr-only" aria-live="polite">
            {moves.announcement}
          </td>
        )}
      </tr>
    </thead>
  );
}

interface ColumnHeadProps<Row, Sort extends string> {
  column: Column<Row, Sort>;
  heading: TableHeading<Sort>;
  /** Null where the column cannot be moved. */
  moves: ReturnType<typeof useColumnMoves> | null;
}

const dropMarks = {
  before: "shadow-[inset_2px_0_0_var(--accent-ink)]",
  after: "shadow-[inset_-2px_0_0_var(--accent-ink)]",
};

function ColumnHead<Row, Sort extends string>(props: ColumnHeadProps<Row, Sort>) {
  const { column, heading, moves } = props;
  const { id, title, label = title, sortable } = column;
  const direction = sortable ? sortDirection(sortable, heading.sort) : null;
  const mark = moves?.dropMark(id);
  return (
    <th
      {...moves?.dragProps(id)}
      data-column={title === "" ? undefined : id}
      scope="col"
      aria-sort={direction ?? undefined}
      className={cn(
        "min-w-0 px-1.5 text-left text-xs font-medium text-faint",
        column.align === "end" && "text-right",
        mark && dropMarks[mark],
        column.className,
      )}
    >
      {heading.heads?.[id] ??
        (sortable || moves ? (
          <button
            type="button"
            aria-disabled={sortable ? undefined : true}
            aria-keyshortcuts={moves ? "Shift+ArrowLeft Shift+ArrowRight" : undefined}
            onClick={() => sortable && heading.onSort(nextSort(sortable, heading.sort))}
            onKeyDown={(event) => moves?.onKeyDown(event, id)}
            className={cn(
              "group/sort -mx-1 flex h-6 max-w-full items-center gap-1 rounded-sm px-1",
              // The title stays above its figures; the arrow goes before it.
              column.align === "end" && "ml-auto flex-row-reverse",
              sortable ? "hover:bg-hover hover:text-ink" : "cursor-default",
              direction && "text-ink",
            )}
          >
            <span className="truncate" title={label}>
              {title}
            </span>
            {sortable ? <SortArrow direction={direction} /> : null}
          </button>
        ) : (
          <span className="block truncate" title={label}>
            {title}
          </span>
        ))}
    </th>
  );
}

function SortArrow({ direction }: { direction: "ascending" | "descending" | null }) {
  const Icon = direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <Icon
      aria-hidden
      className={cn(
        "size-3 shrink-0",
        direction === null && "opacity-0 group-hover/sort:opacity-50",
      )}
    />
  );
}
