import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import type { Comparing } from "@/lib/predictions/scores/epoch-measures";
import {
  formatMeasure,
  formatMeasureChange,
  isImprovement,
  measureValue,
} from "@/lib/predictions/scores/measure-value";

interface ChangeProps {
  row: ComparedPrediction;
  comparing: Comparing;
  /** Leaves out the two values. */
  brief?: boolean;
}

/** A measure at the compared epoch and now, and the difference, coloured by whether it is better. */
export function Change({ row, comparing: { by, better }, brief = false }: ChangeProps) {
  const { change, previous } = row;
  if (change === null || change === undefined) return <span className="text-faint">–</span>;
  const improved = isImprovement(change, better);
  const then = previous ? measureValue(previous, by) : null;
  const now = measureValue(row, by);
  return (
    <span className="nums flex min-w-0 items-center justify-end gap-2 font-mono whitespace-nowrap">
      {brief || improved === null || then === null || now === null ? null : (
        <span className="truncate text-xs text-faint">
          {formatMeasure(by, then)} <span aria-hidden>→</span>
          <span className="sr-only">to</span> {formatMeasure(by, now)}
        </span>
      )}
      {improved === null ? (
        <span className="text-faint">0</span>
      ) : (
        <span className={improved ? "text-succeeded" : "text-failed"}>
          <span aria-hidden>{change < 0 ? "▼" : "▲"}</span> {formatMeasureChange(by, change)}
          <span className="sr-only">{improved ? " better" : " worse"}</span>
        </span>
      )}
    </span>
  );
}
