import { cn } from "@/components/ui/cn";

interface ProgressProps {
  /** 0–1, or null while unknown. */
  value: number | null;
  label: string;
  className?: string;
  /** A colour class for the bar, such as `bg-running`. */
  barClassName?: string;
}

/** A thin progress bar; empty while unknown. */
export function Progress({ value, label, className, barClassName }: ProgressProps) {
  const share = value === null ? null : Math.min(1, Math.max(0, value));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      className={cn("h-1 w-full overflow-hidden rounded-full bg-active", className)}
    >
      <div
        className={cn(
          "h-full origin-left rounded-full bg-running transition-transform duration-300 ease-out",
          barClassName,
        )}
        style={{ transform: `scaleX(${share ?? 0})` }}
      />
    </div>
  );
}
