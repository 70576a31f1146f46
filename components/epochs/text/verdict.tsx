import { Check, Minus, X } from "lucide-react";
import { cn } from "@/components/ui/cn";

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
