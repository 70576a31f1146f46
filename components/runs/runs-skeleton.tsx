import { columnGrid } from "@/components/table/column";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import {
  type ColumnId,
  columnTitle,
  columnTrack,
  defaultColumns,
  selectTrack,
} from "./table/column-ids";

const widths = ["w-40", "w-28", "w-36", "w-24", "w-44", "w-32"];
const lines = Array.from({ length: 14 }, (_, index) => index);

/** The table's layout while it loads. */
export function RunsSkeleton({ columns = defaultColumns }: { columns?: readonly ColumnId[] }) {
  const tracks = [selectTrack, ...(["name", ...columns] as const).map(columnTrack)];
  const { gridTemplateColumns } = columnGrid(tracks.map((width) => ({ width })));
  return (
    <div role="status" aria-label="Loading runs" className="min-h-0 flex-1 overflow-hidden">
      <div
        aria-hidden
        className="grid h-8.5 items-center border-b border-line text-xs font-medium text-faint max-sm:hidden"
        style={{ gridTemplateColumns }}
      >
        <span />
        {(["name", ...columns] as const).map((id) => (
          <span key={id} className="truncate px-1.5">
            {columnTitle(id)}
          </span>
        ))}
      </div>
      {lines.map((line) => (
        <div key={line} className="border-b border-line/70">
          <div
            className="hidden h-8.5 items-center sm:grid"
            style={{ gridTemplateColumns, opacity: 1 - line / 16 }}
          >
            <Skeleton className="ml-4 size-4" />
            <Skeleton className={cn("mx-1.5", widths[line % widths.length])} />
            {columns.map((id) => (
              <Skeleton key={id} className={cn("mx-1.5", shapes[id] ?? "w-16")} />
            ))}
          </div>
          <div
            className="flex h-17 flex-col justify-center gap-2.5 pr-3 pl-10.5 sm:hidden"
            style={{ opacity: 1 - line / 16 }}
          >
            <span className="flex justify-between">
              <Skeleton className={cn("h-3.5", widths[line % widths.length])} />
              <Skeleton className="h-5 w-20 rounded-full" />
            </span>
            <span className="flex justify-between">
              <Skeleton className="w-28" />
              <Skeleton className="w-32" />
            </span>
          </div>
        </div>
      ))}
    </div>
  );
}

const shapes: Partial<Record<string, string>> = {
  state: "h-5 w-20 rounded-full",
  progress: "w-36",
  step: "w-28",
  metric: "w-40",
  kind: "w-8",
  started: "w-14",
  duration: "w-14",
  tags: "w-20",
};
