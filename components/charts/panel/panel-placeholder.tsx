import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/feedback/skeleton";

function PanelHeading({ title }: { title: string }) {
  return <h3 className="truncate px-3 pt-1.5 text-sm font-medium text-muted">{title}</h3>;
}

/** A panel before its history has come. */
export function PanelSkeleton({ title }: { title?: string }) {
  return (
    <div className="flex h-full flex-col" aria-busy>
      {title ? <PanelHeading title={title} /> : <Skeleton className="mx-3 mt-2.5 w-24" />}
      <Skeleton className="mx-3 mt-2 h-4 w-20" />
      <div className="relative m-3 flex-1 overflow-hidden border-b border-l border-line">
        <Skeleton className="absolute inset-x-0 bottom-0 h-1/3 rounded-none opacity-40" />
      </div>
    </div>
  );
}

/** A panel whose history could not be loaded. */
export function PanelError({ title, onRetry }: { title: string; onRetry: () => void }) {
  return (
    <div className="flex h-full flex-col">
      <PanelHeading title={title} />
      <div className="flex flex-1 flex-col items-center justify-center gap-2 text-sm text-muted">
        The history could not be loaded.
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      </div>
    </div>
  );
}
