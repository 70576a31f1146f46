"use client";

import type { ValueField } from "@signalbox/protocol/run-field";
import { ArrowDown, ArrowUp } from "lucide-react";
import type { HTMLAttributes, KeyboardEvent } from "react";
import { cn } from "@/components/ui/cn";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { type ColumnId, columnSort, columnTitle, type JobSort, type SortKey } from "./column-ids";
import { useColumnMoves } from "./use-column-moves";

interface RunsHeaderProps {
  hidden: boolean;
  columns: readonly ColumnId[];
  onColumns: (columns: ColumnId[]) => void;
  gridTemplateColumns: string;
  sort: SortKey;
  onSort: (sort: SortKey) => void;
  all: boolean | "some";
  onAll: (checked: boolean) => void;
}

/** Names rise from A, everything else starts with the most. */
function nextSort(current: SortKey, by: JobSort | ValueField): SortKey {
  const rising = by === "name" || by === "status" || by === "model" || by.startsWith("config.");
  const first: SortKey = rising ? by : `-${by}`;
  const second: SortKey = first === by ? `-${by}` : by;
  return current === first ? second : first;
}

/** Column titles that sort, and the box that selects all. */
export function RunsHeader(props: RunsHeaderProps) {
  const { hidden, columns, gridTemplateColumns, sort, onSort, all, onAll } = props;
  const moves = useColumnMoves(columns, props.onColumns);
  return (
    <thead
      className={cn(
        "sticky top-0 z-10 block border-b border-line bg-canvas",
        hidden && "sr-only static",
      )}
    >
      <tr className="grid h-8.5 items-center" style={{ gridTemplateColumns }}>
        <th className="flex pl-3 sm:pl-4">
          <Checkbox
            checked={all === true}
            indeterminate={all === "some"}
            aria-label="Select all runs shown"
            onCheckedChange={(checked) => onAll(checked)}
          />
        </th>
        <ColumnTitle id="name" sort={sort} onSort={onSort} />
        {columns.map((id, index) => (
          <ColumnTitle
            key={id}
            id={id}
            sort={sort}
            onSort={onSort}
            headProps={moves.columnProps(id, index)}
            onKeyDown={(event) => moves.onKeyDown(event, id, index)}
            marked={
              moves.target === index
                ? "before"
                : moves.target === columns.length && index === columns.length - 1
                  ? "after"
                  : null
            }
          />
        ))}
        <td className="sr-only" aria-live="polite">
          {moves.said}
        </td>
      </tr>
    </thead>
  );
}

interface ColumnTitleProps {
  id: ColumnId | "name";
  sort: SortKey;
  onSort: (sort: SortKey) => void;
  /** Where the column can be taken to another place. */
  headProps?: HTMLAttributes<HTMLElement>;
  onKeyDown?: (event: KeyboardEvent) => void;
  /** Where a column that is dragged would stand. */
  marked?: "before" | "after" | null;
}

const marks = {
  before: "shadow-[inset_2px_0_0_var(--accent-ink)]",
  after: "shadow-[inset_-2px_0_0_var(--accent-ink)]",
};

/** A title that sorts, and moves its column by shift and an arrow key. */
function ColumnTitle(props: ColumnTitleProps) {
  const { id, sort, onSort, headProps, onKeyDown, marked } = props;
  const by = columnSort(id);
  const direction =
    by === undefined || sort.replace(/^-/, "") !== by
      ? undefined
      : sort.startsWith("-")
        ? "descending"
        : "ascending";
  return (
    <th
      {...headProps}
      data-column={id}
      scope="col"
      aria-sort={direction}
      className={cn(
        "min-w-0 px-1.5 text-left text-xs font-medium text-faint",
        marked && marks[marked],
      )}
    >
      <button
        type="button"
        aria-disabled={by === undefined || undefined}
        aria-keyshortcuts={onKeyDown ? "Shift+ArrowLeft Shift+ArrowRight" : undefined}
        onClick={() => by !== undefined && onSort(nextSort(sort, by))}
        onKeyDown={onKeyDown}
        className={cn(
          "group/sort -mx-1 flex h-6 max-w-full items-center gap-1 rounded-sm px-1",
          by === undefined ? "cursor-default" : "hover:bg-hover hover:text-ink",
          direction && "text-ink",
        )}
      >
        <span className="truncate" title={columnTitle(id)}>
          {columnTitle(id)}
        </span>
        {by === undefined ? null : <SortArrow direction={direction} />}
      </button>
    </th>
  );
}

function SortArrow({ direction }: { direction: "ascending" | "descending" | undefined }) {
  const Icon = direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <Icon
      aria-hidden
      className={cn(
        "size-3 shrink-0",
        direction === undefined && "opacity-0 group-hover/sort:opacity-50",
      )}
    />
  );
}
