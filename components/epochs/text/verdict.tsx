import { Check, Minus, X } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatInteger } from "@/lib/format/number";

/** Correct, incorrect or not scored: by icon, label and colour. */
export function Verdict({ exact, className }: { exact: number | null; className?: string }) {
  const classes = cn("size-4 shrink-0", className);
  if (exact === null) {
    return <Minus aria-label="not scored" className={cn("text-faint", classes)} />;
  }
  return exact >= 1 ? (
    <Check aria-label="correct" strokeWidth={2.5} className={cn("text-series-1", classes)} />
  ) : (
    <X aria-label="incorrect" strokeWidth={2.5} className={cn("text-series-2", classes)} />
  );
}

/** An error rate for a column; that of a runaway answer may be in the thousands. */
export function formatErrorRate(rate: number): string {
  return rate < 100 ? rate.toFixed(2) : formatInteger(rate);
}

/** The change in error rate; negative is better. */
export function Change({ change }: { change: number | null | undefined }) {
  if (change === null || change === undefined) return <span className="text-faint">–</span>;
  if (change === 0) return <span className="text-faint">0</span>;
  const better = change < 0;
  return (
    <span className={cn("nums font-mono", better ? "text-succeeded" : "text-failed")}>
      <span aria-hidden>{better ? "▼" : "▲"}</span> {formatErrorRate(Math.abs(change))}
      <span className="sr-only">{better ? " better" : " worse"}</span>
    </span>
  );
}
