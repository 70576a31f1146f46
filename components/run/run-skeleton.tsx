import { PanelSkeleton } from "@/components/charts/panel/panel-placeholder";
import { Skeleton } from "@/components/ui/feedback/skeleton";

/** The run page's layout while it loads. */
export function RunSkeleton() {
  return (
    <div role="status" aria-label="Loading run" className="flex min-w-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-3 border-b border-line px-3 py-2 sm:px-4">
        <div className="flex h-8 flex-1 basis-72 items-center gap-3">
          <Skeleton className="h-4.5 w-48" />
          <Skeleton className="h-5 w-20 rounded-full" />
          <Skeleton className="h-4 w-12" />
        </div>
        <div className="flex gap-1.5">
          <Skeleton className="h-8 w-24 rounded-md" />
          <Skeleton className="h-8 w-20 rounded-md" />
          <Skeleton className="h-8 w-28 rounded-md" />
        </div>
      </div>
      <div className="flex h-9 items-center gap-4 px-3 sm:px-4">
        <Skeleton className="w-36" />
        <Skeleton className="w-24" />
        <Skeleton className="w-20 max-sm:hidden" />
      </div>
      <div className="flex h-10 items-center gap-5 border-b border-line px-3 sm:px-4">
        <Skeleton className="w-12" />
        <Skeleton className="w-10" />
        <Skeleton className="w-16" />
        <Skeleton className="w-14" />
      </div>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-3 px-3 py-4 sm:px-4">
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <div key={key} className="h-58 rounded-lg border border-line bg-surface">
            <PanelSkeleton />
          </div>
        ))}
      </div>
    </div>
  );
}
