"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { columnNames, columnTitles, type rowGrid, type TableColumn } from "./column-ids";
import type { Sort } from "./prediction-table";

/** The two ways a column sorts, the more wanted one first. */
const columnSorts: Partial<Record<TableColumn, readonly [Sort, Sort]>> = {
  index: ["index", "-index"],
  error: ["worst", "best"],
  change: ["regressed", "improved"],
};
const descending: readonly Sort[] = ["-index", "worst", "regressed"];

interface TableHeaderProps {
  grid: ReturnType<typeof rowGrid>;
  sort: Sort;
  onSort: (sort: Sort) => void;
  compared: boolean;
}

/** The columns' names; those that sort are buttons. */
export function TableHeader({ grid, sort, onSort, compared }: TableHeaderProps) {
  const column = (id: TableColumn) => (
    <ColumnHead key={id} id={id} sort={sort} onSort={onSort} compared={compared} />
  );
  return (
    <thead className="sticky top-0 z-10 block bg-surface">
      <tr
        className="grid h-8.5 items-center border-b border-line text-xs text-muted"
        style={{ gridTemplateColumns: grid.columns }}
      >
        {grid.before.map(column)}
        <th scope="col" className="truncate px-1.5 text-left font-medium">
          Prompt
        </th>
        {grid.after.map(column)}
      </tr>
    </thead>
  );
}

interface ColumnHeadProps extends Omit<TableHeaderProps, "grid"> {
  id: TableColumn;
}

function ColumnHead({ id, sort, onSort, compared }: ColumnHeadProps) {
  const sorts = columnSorts[id];
  const title = columnTitles[id];
  const sorted = sorts?.includes(sort) ?? false;
  if (!sorts || (id === "change" && !compared)) {
    return (
      <th scope="col" title={columnNames[id]} className="truncate px-1.5 text-left font-medium">
        {id === "verdict" ? <span className="sr-only">{columnNames[id]}</span> : title}
      </th>
    );
  }
  const Arrow = descending.includes(sort) ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={sorted ? (descending.includes(sort) ? "descending" : "ascending") : "none"}
      className="min-w-0 text-left font-medium"
    >
      <button
        type="button"
        title={columnNames[id]}
        onClick={() => onSort(sort === sorts[0] ? sorts[1] : sorts[0])}
        className={cn(
          "flex h-7 max-w-full items-center gap-0.5 truncate rounded-md px-1.5 hover:bg-hover hover:text-ink",
          sorted && "text-ink",
        )}
      >
        {title}
        {sorted ? <Arrow aria-hidden className="size-3" /> : null}
      </button>
    </th>
  );
}
