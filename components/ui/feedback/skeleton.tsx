import { cn } from "@/components/ui/cn";

/** A grey placeholder in the size of the content. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <div
      aria-hidden
      className={cn(
        "animate-shimmer h-3 rounded-sm bg-active motion-reduce:animate-none",
        className,
      )}
    />
  );
}
