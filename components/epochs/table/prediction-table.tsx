"use client";

import type { PredictionSort } from "@signalbox/protocol/data/prediction-query";
import { useMemo } from "react";
import { VirtualTable } from "@/components/table/virtual-table";
import { usePhone } from "@/lib/hooks/page/use-media-query";
import type { PredictionRows } from "@/lib/hooks/predictions/use-prediction-rows";
import type { Comparing } from "@/lib/predictions/scores/epoch-measures";
import { columnSort } from "@/lib/predictions/scores/sort-words";
import { columnName, type TableColumn } from "./column-ids";
import { predictionColumns } from "./prediction-columns";
import { PredictionRow, PredictionRowPhone, rowHeights } from "./prediction-row";

interface PredictionTableProps {
  rows: PredictionRows;
  /** Called with the rows in view. */
  onRange: (first: number, last: number) => void;
  view: {
    columns: readonly TableColumn[];
    sort: PredictionSort;
    onSort: (sort: PredictionSort) => void;
    compared: boolean;
    comparing: Comparing;
    scored: boolean;
    reveal: boolean;
    /** The table scrolls to its top when it changes. */
    resetKey: string;
  };
  selection: {
    /** The open sample; its own panel has the keys. */
    sample: number | null;
    onOpen: (sample: number) => void;
    /** A row to bring into view; a new object asks again. */
    goTo: { index: number } | null;
  };
}

const heads = { verdict: <span className="sr-only">{columnName("verdict")}</span> };

/** The predictions of one epoch; rows are loaded as they come into view. */
export function PredictionTable({ rows, onRange, view, selection }: PredictionTableProps) {
  const { columns: shown, compared, comparing, scored, reveal } = view;
  const { sample, onOpen } = selection;
  const phone = usePhone();
  const columns = useMemo(
    () => predictionColumns(shown, compared, comparing),
    [shown, compared, comparing],
  );
  return (
    <VirtualTable
      label="Predictions"
      columns={columns}
      source={{
        count: rows.total ?? 0,
        rowAt: (place) => {
          const prediction = rows.rowAt(place);
          const selected = sample !== null && prediction?.sample_id === sample;
          return { place, prediction, reveal, comparing, scored, selected, onOpen };
        },
        onRange,
        busy: rows.busy,
      }}
      layout={
        phone
          ? { Row: PredictionRowPhone, height: rowHeights.phone, overscan: 10, stacked: true }
          : { Row: PredictionRow, height: rowHeights.line, overscan: 10 }
      }
      heading={
        phone
          ? null
          : {
              sort: columnSort(view.sort, comparing),
              onSort: view.onSort,
              heads,
              className: "bg-surface",
            }
      }
      scroll={{ resetKey: view.resetKey, goTo: selection.goTo }}
      keys={{ enabled: sample === null }}
    />
  );
}
