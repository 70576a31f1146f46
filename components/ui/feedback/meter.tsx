import { cn } from "@/components/ui/cn";

interface MeterProps {
  value: number;
  max: number;
  /** What is measured. */
  label: string;
  /** The value in words, such as `3 of 4`. */
  text: string;
  /** A colour class for the bar, such as `bg-running`. */
  barClassName?: string;
}

/** A thin bar that shows how much of a maximum is used. */
export function Meter({ value, max, label, text, barClassName }: MeterProps) {
  const share = max > 0 ? Math.min(1, value / max) : 1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: <meter> cannot be styled alike in all browsers.
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(value, max)}
      aria-valuetext={text}
      className="h-1.5 w-full overflow-hidden rounded-full bg-active"
    >
      <div
        className={cn("h-full rounded-full", barClassName)}
        // A little that is used must not look like nothing.
        style={{ width: value > 0 ? `max(3px, ${share * 100}%)` : 0 }}
      />
    </div>
  );
}
