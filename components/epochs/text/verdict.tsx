import { Check, Minus, X } from "lucide-react";
import { cn } from "@/components/ui/cn";
import { formatInteger } from "@/lib/format/number";

/** Right, wrong or without a truth: told by sign, word and colour. */
export function Verdict({ exact, className }: { exact: number | null; className?: string }) {
  const look = cn("size-4 shrink-0", className);
  if (exact === null) {
    return <Minus aria-label="not scored" className={cn("text-faint", look)} />;
  }
  return exact >= 1 ? (
    <Check aria-label="right" strokeWidth={2.5} className={cn("text-series-1", look)} />
  ) : (
    <X aria-label="wrong" strokeWidth={2.5} className={cn("text-series-2", look)} />
  );
}

/** An error rate as a column shows it; a runaway answer's may be in the thousands. */
export function formatErrorRate(rate: number): string {
  return rate < 100 ? rate.toFixed(2) : formatInteger(rate);
}

/** By how much the error rate changed: below zero is better. */
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
