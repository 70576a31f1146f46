import type { ComparedPrediction } from "@signalbox/protocol/data/prediction";
import type { PredictionSort } from "@signalbox/protocol/data/prediction-query";
import { betterDirection, isScoreField } from "@signalbox/protocol/data/score";
import type { ReactNode } from "react";
import type { Column, ColumnSort } from "@/components/table/column";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { formatInteger } from "@/lib/format/number";
import type { Comparing } from "@/lib/predictions/scores/epoch-measures";
import { formatMeasure, measureTitle, measureValue } from "@/lib/predictions/scores/measure-value";
import { Change } from "../text/change";
import { CellText } from "../text/plain-text";
import { Verdict } from "../text/verdict";
import { AnswerCell } from "./answer-cell";
import {
  columnField,
  columnName,
  columnTitle,
  columnWidth,
  leadingColumns,
  promptWidth,
  type TableColumn,
} from "./column-ids";

/** A row of the table: the place, and its prediction once that is loaded. */
export interface PredictionTableRow {
  place: number;
  prediction: ComparedPrediction | undefined;
  reveal: boolean;
  comparing: Comparing;
  /** Whether the run's answers are compared with a ground truth. */
  scored: boolean;
  selected: boolean;
  onOpen: (sample: number) => void;
}

/** How a click on a column's title sorts: the worst of a measure come first. */
function columnSorts(id: TableColumn, compared: boolean): ColumnSort<PredictionSort> | null {
  if (id === "index") return { ascending: "index", descending: "-index", first: "ascending" };
  if (id === "change") {
    return compared
      ? { ascending: "improved", descending: "regressed", first: "descending" }
      : null;
  }
  const field = columnField(id);
  if (!field) return null;
  const first = betterDirection(field) === "higher" ? "ascending" : "descending";
  return { ascending: field, descending: `-${field}`, first };
}

/** The table's columns: number and verdict, the prompt, then the rest. */
export function predictionColumns(
  shown: readonly TableColumn[],
  compared: boolean,
  comparing: Comparing,
): Column<PredictionTableRow, PredictionSort>[] {
  const column = (id: TableColumn): Column<PredictionTableRow, PredictionSort> => {
    const sortable = columnSorts(id, compared);
    const ends = id === "change" || id === "step" || (id !== "verdict" && columnField(id) !== null);
    return {
      id,
      title: columnTitle(id),
      label: id === "change" ? `Change in ${measureTitle(comparing.by)}` : columnName(id),
      width: columnWidth(id, comparing.by),
      ...(ends ? { align: "end" } : {}),
      ...(sortable ? { sortable } : {}),
      cell: (row) => (row.prediction ? cellOf(id, row.prediction, row) : null),
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

type OpenButtonProps = Pick<
  PredictionTableRow,
  "place" | "prediction" | "reveal" | "selected" | "onOpen"
>;

/** The prompt, which opens the sample; the button covers the whole row. */
export function OpenButton({ place, prediction, reveal, selected, onOpen }: OpenButtonProps) {
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

type CellOptions = Pick<PredictionTableRow, "reveal" | "comparing">;

function cellOf(id: TableColumn, row: ComparedPrediction, options: CellOptions): ReactNode {
  const { reveal, comparing } = options;
  switch (id) {
    case "index":
      return <span className="nums font-mono text-xs text-faint">{row.sample_index}</span>;
    case "verdict":
      return <VerdictCell row={row} />;
    case "truth":
      return row.ground_truth === null ? (
        none
      ) : (
        <CellText
          text={row.ground_truth}
          reveal={reveal}
          className="font-mono text-xs text-muted"
        />
      );
    case "prediction":
      return <AnswerCell row={row} reveal={reveal} />;
    case "previous":
      return <PreviousCell row={row} reveal={reveal} />;
    case "change":
      return <Change row={row} comparing={comparing} />;
    case "step":
      return <span className="nums font-mono">{formatInteger(row.step)}</span>;
    default:
      return <MeasureCell row={row} id={id} />;
  }
}

/** The value of a measure or score: numbers in mono, texts as they are. */
function MeasureCell({ row, id }: { row: ComparedPrediction; id: TableColumn }) {
  const field = columnField(id);
  const value = field && measureValue(row, field);
  if (field === null || value === null) return none;
  const text = formatMeasure(field, value);
  if (field === "validation_pass") {
    return <span className={value === 1 ? "text-succeeded" : "text-failed"}>{text}</span>;
  }
  return typeof value === "string" && isScoreField(field) ? (
    <bdi className="truncate text-xs" title={text}>
      {text}
    </bdi>
  ) : (
    <span className="nums font-mono">{text}</span>
  );
}

function VerdictCell({ row }: { row: ComparedPrediction }) {
  return (
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
  );
}

function PreviousCell({ row, reveal }: { row: ComparedPrediction; reveal: boolean }) {
  if (!row.previous) return none;
  return row.previous.prediction === row.prediction ? (
    <span className="text-xs text-faint">unchanged</span>
  ) : (
    <CellText
      text={row.previous.prediction}
      reveal={reveal}
      className="font-mono text-xs text-muted"
    />
  );
}
