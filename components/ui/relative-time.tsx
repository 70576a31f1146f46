"use client";

import { formatExact, formatRelative } from "@/lib/format/time";
import { useNow } from "@/lib/hooks/page/use-now";
import { cn } from "./cn";
import { Tooltip } from "./overlays/tooltip";

interface RelativeTimeProps {
  /** ISO 8601; null shows a dash. */
  value: string | null;
  /** How often it updates; by default every ten seconds. */
  everyMs?: number;
  className?: string;
  fallback?: string;
}

/**
 * A relative time (“5m ago”) with the exact time on hover. The server renders the date, the browser
 * makes it relative.
 */
export function RelativeTime({
  value,
  everyMs = 10_000,
  className,
  fallback = "–",
}: RelativeTimeProps) {
  const now = useNow(everyMs);
  if (value === null) return <span className={cn("text-faint", className)}>{fallback}</span>;
  if (now === null) {
    return (
      <time dateTime={value} className={cn("nums whitespace-nowrap", className)}>
        {value.slice(0, 10)}
      </time>
    );
  }
  return (
    <Tooltip content={<span className="nums">{formatExact(value)}</span>}>
      <time dateTime={value} className={cn("nums whitespace-nowrap", className)}>
        {formatRelative(value, Math.max(now, Date.parse(value)))}
      </time>
    </Tooltip>
  );
}
