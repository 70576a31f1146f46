"use client";

import type { ComparedPrediction } from "@signalbox/protocol/prediction";
import { columnVisibilityFeature, createColumnHelper, tableFeatures } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { formatInteger, formatPercent } from "@/lib/format/number";
import { diffAnswers, fittingLevel } from "@/lib/predictions/diff-answers";
import { DiffText } from "../text/diff-text";
import { CellText } from "../text/plain-text";
import { Change, formatErrorRate, Verdict } from "../text/verdict";
import { columnTitles, type TableColumn, tableColumns } from "./column-ids";

/** Sorting and filtering are the server's; the table keeps the columns. */
export const predictionFeatures = tableFeatures({ columnVisibilityFeature });

/** A row of the table: a place, and what stands there as far as it is loaded. */
export interface TableRow {
  place: number;
  prediction: ComparedPrediction | undefined;
  reveal: boolean;
}

const helper = createColumnHelper<typeof predictionFeatures, TableRow>();

function figure(value: number | null, format: (value: number) => string): ReactNode {
  if (value === null) return <span className="text-faint">–</span>;
  return <span className="nums font-mono">{format(value)}</span>;
}

/** Answers longer than this are not marked in the table: the sample's own view does that. */
const markedCharacters = 160;

/** An answer with what is wrong in it underlined. */
export function AnswerCell({ row, reveal }: { row: ComparedPrediction; reveal: boolean }) {
  const { prediction, ground_truth: truth, exact_match: exact } = row;
  const short = prediction.length <= markedCharacters && (truth?.length ?? 0) <= markedCharacters;
  const parts =
    truth !== null && exact !== 1 && short
      ? diffAnswers(truth, prediction, fittingLevel(truth, prediction))
      : null;
  return parts ? (
    <DiffText
      parts={parts}
      tone="mistake"
      reveal={reveal}
      addedOnly
      oneLine
      className="truncate font-mono text-xs whitespace-pre"
    />
  ) : (
    <CellText text={prediction} reveal={reveal} className="font-mono text-xs" />
  );
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
      <span className="text-faint">–</span>
    ) : (
      <CellText text={row.ground_truth} reveal={reveal} className="font-mono text-xs text-muted" />
    ),
  prediction: (row, reveal) => <AnswerCell row={row} reveal={reveal} />,
  previous: (row, reveal) =>
    row.previous === null || row.previous === undefined ? (
      <span className="text-faint">–</span>
    ) : row.previous.prediction === row.prediction ? (
      <span className="text-xs text-faint">the same</span>
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
      <span className="text-faint">–</span>
    ) : (
      <span className={row.validation_passed ? "text-succeeded" : "text-failed"}>
        {row.validation_passed ? "passed" : "failed"}
      </span>
    ),
  tokens: (row) => figure(row.tokens, formatInteger),
  latency: (row) => figure(row.latency_ms, (value) => `${formatInteger(value)} ms`),
  step: (row) => figure(row.step, formatInteger),
};

export const predictionColumns = helper.columns(
  tableColumns.map((id) =>
    helper.display({
      id,
      header: columnTitles[id],
      cell: ({ row: { original } }) =>
        original.prediction ? cells[id](original.prediction, original.reveal) : null,
    }),
  ),
);
