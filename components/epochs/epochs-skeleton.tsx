import { Skeleton } from "@/components/ui/feedback/skeleton";

/** The tab's layout while it loads. */
export function EpochsSkeleton() {
  return (
    <div role="status" aria-label="Loading predictions" className="flex flex-col">
      <div className="flex h-13 items-center gap-4 border-b border-line px-3 sm:px-4">
        <Skeleton className="h-6 w-20" />
        <Skeleton className="h-1 flex-1" />
        <Skeleton className="h-6 w-32" />
      </div>
      <div className="flex flex-col gap-3 px-3 py-3 sm:px-4">
        <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,14.5rem),1fr))] gap-3">
          {["a", "b", "c", "d"].map((key) => (
            <div key={key} className="h-46 rounded-lg border border-line bg-surface p-3">
              <Skeleton className="w-24" />
              <Skeleton className="mt-2 h-5 w-16" />
            </div>
          ))}
        </div>
        <div className="grid gap-3 xl:grid-cols-[24rem_1fr]">
          <div className="h-96 rounded-lg border border-line bg-surface max-xl:hidden" />
          <div className="flex h-96 flex-col gap-4 rounded-lg border border-line bg-surface p-3">
            {["w-2/3", "w-1/2", "w-3/4", "w-3/5", "w-2/5", "w-1/3"].map((width) => (
              <Skeleton key={width} className={width} />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}
