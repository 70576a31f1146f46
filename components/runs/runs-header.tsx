"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import type { ValueField } from "@/lib/contracts/run-field";
import { type ColumnId, columnSort, columnTitle, type JobSort, type SortKey } from "./column-ids";

interface RunsHeaderProps {
  hidden: boolean;
  columns: readonly ColumnId[];
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
        {(["name", ...columns] as const).map((id) => {
          const by = columnSort(id);
          const direction =
            by === undefined || sort.replace(/^-/, "") !== by
              ? undefined
              : sort.startsWith("-")
                ? "descending"
                : "ascending";
          return (
            <th
              key={id}
              scope="col"
              aria-sort={direction}
              className="min-w-0 px-1.5 text-left text-xs font-medium text-faint"
            >
              {by === undefined ? (
                <span className="block truncate">{columnTitle(id)}</span>
              ) : (
                <button
                  type="button"
                  onClick={() => onSort(nextSort(sort, by))}
                  className={cn(
                    "group/sort -mx-1 flex h-6 max-w-full items-center gap-1 rounded-sm px-1 hover:bg-hover hover:text-ink",
                    direction && "text-ink",
                  )}
                >
                  <span className="truncate" title={columnTitle(id)}>
                    {columnTitle(id)}
                  </span>
                  <SortArrow direction={direction} />
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
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
