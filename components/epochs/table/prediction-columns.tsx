import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import type { ReactNode } from "react";
import type { Column, ColumnSort } from "@/components/table/column";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { formatInteger, formatPercent } from "@/lib/format/number";
import { CellText } from "../text/plain-text";
import { Change, formatErrorRate, Verdict } from "../text/verdict";
import { AnswerCell } from "./answer-cell";
import {
  columnNames,
  columnTitles,
  columnWidths,
  leadingColumns,
  type PredictionSort,
  promptWidth,
  type TableColumn,
} from "./column-ids";

/** A row of the table: the place, and its prediction once that is loaded. */
export interface PredictionTableRow {
  place: number;
  prediction: ComparedPrediction | undefined;
  reveal: boolean;
  selected: boolean;
  onOpen: (sample: number) => void;
}

const columnSorts: Partial<Record<TableColumn, ColumnSort<PredictionSort>>> = {
  index: { ascending: "index", descending: "-index", first: "ascending" },
  error: { ascending: "best", descending: "worst", first: "descending" },
  change: { ascending: "improved", descending: "regressed", first: "descending" },
};

/** The table's columns: number and verdict, the prompt, then the rest. */
export function predictionColumns(
  shown: readonly TableColumn[],
  compared: boolean,
): Column<PredictionTableRow, PredictionSort>[] {
  const column = (id: TableColumn): Column<PredictionTableRow, PredictionSort> => {
    const sortable = id === "change" && !compared ? undefined : columnSorts[id];
    return {
      id,
      title: columnTitles[id],
      label: columnNames[id],
      width: columnWidths[id],
      ...(sortable ? { sortable } : {}),
      cell: ({ prediction, reveal }) => (prediction ? cells[id](prediction, reveal) : null),
    };
  };
  return [
    ...shown.filter((id) => leadingColumns.includes(id)).map(column),
    {
      id: "prompt",
      title: "Prompt",
      width: promptWidth,
      rowHeader: true,
      cell: (row) => <OpenButton {...row} />,
    },
    ...shown.filter((id) => !leadingColumns.includes(id)).map(column),
  ];
}

/** The prompt, which opens the sample; the button covers the whole row. */
export function OpenButton({ place, prediction, reveal, selected, onOpen }: PredictionTableRow) {
  if (!prediction) return <Skeleton className="w-24" />;
  return (
    <button
      type="button"
      data-row-focus
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

const none = <span className="text-faint">–</span>;

function figure(value: number | null, format: (value: number) => string): ReactNode {
  return value === null ? none : <span className="nums font-mono">{format(value)}</span>;
}

const cells: Record<TableColumn, (row: ComparedPrediction, reveal: boolean) => ReactNode> = {
  index: (row) => <span className="nums font-mono text-xs text-faint">{row.sample_index}</span>,
  verdict: (row) => (
    <span className="flex items-center gap-0.5">
      <Verdict exact={row.exact_match} />
      {row.previous && row.previous.exact_match !== row.exact_match ? (
        <span className="flex items-center text-2xs text-faint">
          <span aria-hidden>←</span>
          <span className="sr-only">before: </span>
          <Verdict exact={row.previous.exact_match} className="size-3 opacity-60" />
        </span>
      ) : null}
    </span>
  ),
  truth: (row, reveal) =>
    row.ground_truth === null ? (
      none
    ) : (
      <CellText text={row.ground_truth} reveal={reveal} className="font-mono text-xs text-muted" />
    ),
  prediction: (row, reveal) => <AnswerCell row={row} reveal={reveal} />,
  previous: (row, reveal) =>
    row.previous === null || row.previous === undefined ? (
      none
    ) : row.previous.prediction === row.prediction ? (
      <span className="text-xs text-faint">unchanged</span>
    ) : (
      <CellText
        text={row.previous.prediction}
        reveal={reveal}
        className="font-mono text-xs text-muted"
      />
    ),
  error: (row) => figure(row.char_error_rate, formatErrorRate),
  change: (row) => <Change change={row.change} />,
  overlap: (row) => figure(row.word_overlap, (value) => formatPercent(value)),
  ratio: (row) => figure(row.length_ratio, (value) => value.toFixed(2)),
  validation: (row) =>
    row.validation_passed === null ? (
      none
    ) : (
      <span className={row.validation_passed ? "text-succeeded" : "text-failed"}>
        {row.validation_passed ? "passed" : "failed"}
      </span>
    ),
  tokens: (row) => figure(row.tokens, formatInteger),
  latency: (row) => figure(row.latency_ms, (value) => `${formatInteger(value)} ms`),
  step: (row) => figure(row.step, formatInteger),
};
