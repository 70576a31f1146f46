"use client";

import { memoRow, TableRow } from "@/components/table/table-row";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { formatMeasure, measureValue } from "@/lib/predictions/scores/measure-value";
import { Change } from "../text/change";
import { Verdict } from "../text/verdict";
import { AnswerCell } from "./answer-cell";
import { OpenButton, type PredictionTableRow } from "./prediction-columns";

const rowClasses = (selected: boolean) =>
  cn(
    "group/row items-center contain-strict border-b border-line/70 text-sm has-[button:hover]:bg-hover focus-within:bg-hover",
    selected && "bg-accent-soft focus-within:bg-accent-soft has-[button:hover]:bg-accent-soft",
  );

/** The heights of a row in pixels. */
export const rowHeights = { line: 34, phone: 60 };

/** One sample at the selected epoch, in one line. */
export const PredictionRow = memoRow<PredictionTableRow>(function PredictionRow(props) {
  return <TableRow {...props} className={cn(rowClasses(props.row.selected), "h-8.5")} />;
});

/**
 * One sample in two lines, for a phone: the prompt with the chosen measure, then the model's answer
 * with the change.
 */
export const PredictionRowPhone = memoRow<PredictionTableRow>(function PredictionRowPhone(props) {
  const { prediction, reveal, selected, comparing, scored } = props.row;
  const value = prediction ? measureValue(prediction, comparing.by) : null;
  return (
    <TableRow {...props} className={cn(rowClasses(selected), "h-15 px-3")}>
      <td className="flex min-w-0 flex-col gap-1">
        <span className="flex min-w-0 items-center gap-2">
          {prediction && scored ? <Verdict exact={prediction.exact_match} /> : null}
          <OpenButton {...props.row} />
          {value === null ? null : (
            <span className="nums shrink-0 font-mono text-xs text-muted">
              {formatMeasure(comparing.by, value)}
            </span>
          )}
        </span>
        <span className={cn("flex min-w-0 items-center gap-2", scored && "pl-6")}>
          <span className="flex min-w-0 flex-1">
            {prediction ? (
              <AnswerCell row={prediction} reveal={reveal} />
            ) : (
              <Skeleton className="w-32" />
            )}
          </span>
          {prediction?.change ? (
            <span className="shrink-0 text-xs">
              <Change row={prediction} comparing={comparing} brief />
            </span>
          ) : null}
        </span>
      </td>
    </TableRow>
  );
});
