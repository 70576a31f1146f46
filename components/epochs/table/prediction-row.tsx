"use client";

import type { Row } from "@tanstack/react-table";
import { type CSSProperties, memo, type ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { CellText } from "../text/plain-text";
import { Change, formatErrorRate, Verdict } from "../text/verdict";
import type { TableColumn } from "./column-ids";
import { AnswerCell, type predictionFeatures, type TableRow } from "./prediction-cells";

export interface PredictionRowProps {
  row: Row<typeof predictionFeatures, TableRow>;
  /** Columns on either side of the prompt. */
  before: readonly TableColumn[];
  after: readonly TableColumn[];
  selected: boolean;
  onOpen: (sample: number) => void;
  style: CSSProperties;
}

const rowClasses =
  "group/row contain-strict absolute inset-x-0 top-0 border-b border-line/70 has-[button:hover]:bg-hover focus-within:bg-hover";

function OpenButton({ row, selected, onOpen }: PredictionRowProps) {
  const { prediction, reveal, place } = row.original;
  if (!prediction) return <Skeleton className="w-24" />;
  return (
    <button
      type="button"
      data-sample={prediction.sample_id}
      data-place={place}
      aria-pressed={selected}
      onClick={() => onOpen(prediction.sample_id)}
      className="flex min-w-0 flex-1 text-left font-medium outline-offset-[-2px] after:absolute after:inset-0"
    >
      <CellText text={prediction.prompt} reveal={reveal} />
    </button>
  );
}

/** Scrolling makes every row anew, but few of them show anything new. */
function same(a: PredictionRowProps, b: PredictionRowProps): boolean {
  const [was, is] = [a.row.original, b.row.original];
  return (
    was.place === is.place &&
    was.prediction === is.prediction &&
    was.reveal === is.reveal &&
    a.selected === b.selected &&
    a.before === b.before &&
    a.after === b.after &&
    a.onOpen === b.onOpen &&
    a.style.transform === b.style.transform
  );
}

/** One sample at the chosen epoch, in a line of 34 px. */
export const PredictionRow = memo(function PredictionRow(props: PredictionRowProps) {
  const { row, before, after, selected, style } = props;
  const cellsById = new Map(row.getVisibleCells().map((cell) => [cell.column.id, cell]));
  const render = (id: TableColumn): ReactNode => {
    const cell = cellsById.get(id);
    const definition = cell?.column.columnDef.cell;
    return cell && typeof definition === "function" ? definition(cell.getContext()) : null;
  };
  return (
    <tr
      aria-rowindex={row.original.place + 2}
      style={style}
      className={cn(
        rowClasses,
        "grid h-8.5 items-center text-sm",
        selected && "bg-accent-soft focus-within:bg-accent-soft has-[button:hover]:bg-accent-soft",
      )}
    >
      {before.map((id) => (
        <Cell key={id}>{render(id)}</Cell>
      ))}
      <th scope="row" className="flex min-w-0 items-center px-1.5 font-normal">
        <OpenButton {...props} />
      </th>
      {after.map((id) => (
        <Cell key={id}>{render(id)}</Cell>
      ))}
    </tr>
  );
}, same);

function Cell({ children }: { children: ReactNode }) {
  return <td className="flex min-w-0 items-center overflow-hidden px-1.5">{children}</td>;
}

/** One sample in two lines, for a phone: the prompt, then what the model answers. */
export const PredictionRowPhone = memo(function PredictionRowPhone(props: PredictionRowProps) {
  const { row, selected, style } = props;
  const { prediction, reveal, place } = row.original;
  return (
    <tr
      aria-rowindex={place + 2}
      style={style}
      className={cn(
        rowClasses,
        "grid h-15 items-center px-3 text-sm",
        selected && "bg-accent-soft",
      )}
    >
      <td className="flex min-w-0 flex-col gap-1">
        <span className="flex min-w-0 items-center gap-2">
          {prediction ? <Verdict exact={prediction.exact_match} /> : null}
          <OpenButton {...props} />
          {prediction && prediction.char_error_rate !== null ? (
            <span className="nums shrink-0 font-mono text-xs text-muted">
              {formatErrorRate(prediction.char_error_rate)}
            </span>
          ) : null}
        </span>
        <span className="flex min-w-0 items-center gap-2 pl-6">
          <span className="flex min-w-0 flex-1">
            {prediction ? (
              <AnswerCell row={prediction} reveal={reveal} />
            ) : (
              <Skeleton className="w-32" />
            )}
          </span>
          {prediction?.change ? (
            <span className="shrink-0 text-xs">
              <Change change={prediction.change} />
            </span>
          ) : null}
        </span>
      </td>
    </tr>
  );
}, same);
