import { cn } from "@/components/ui/cn";

/** A grey stand-in, in the size of what will be there. */
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
