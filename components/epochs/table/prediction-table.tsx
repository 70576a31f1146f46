"use client";

import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useEffect, useMemo, useRef } from "react";
import type { PredictionsRequest } from "@/lib/api/predictions";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { usePhone } from "@/lib/hooks/page/use-media-query";
import type { PredictionRows } from "@/lib/hooks/predictions/use-prediction-rows";
import { rowGrid, type TableColumn, tableColumns } from "./column-ids";
import { predictionColumns, predictionFeatures, type TableRow } from "./prediction-cells";
import { PredictionRow, PredictionRowPhone } from "./prediction-row";
import { TableHeader } from "./table-header";

export type Sort = NonNullable<PredictionsRequest["sort"]>;

interface PredictionTableProps {
  rows: PredictionRows;
  columns: readonly TableColumn[];
  sort: Sort;
  onSort: (sort: Sort) => void;
  compared: boolean;
  reveal: boolean;
  selected: number | null;
  onOpen: (sample: number) => void;
  /** Tells which rows are on the screen. */
  onRange: (first: number, last: number) => void;
  /** Begins at the top again when it changes. */
  viewKey: string;
  /** A row to bring into sight; a new object asks again. */
  goTo: { place: number } | null;
  /** While the sample's own view is open, it has the keys. */
  keys: boolean;
}

/** The predictions of one epoch: virtual rows over all there are, loaded as they come into sight. */
export function PredictionTable(props: PredictionTableProps) {
  const { rows, columns, sort, onSort, compared, reveal, selected, onOpen, onRange } = props;
  const phone = usePhone();
  const rowHeight = phone ? 60 : 34;
  const scroller = useRef<HTMLDivElement>(null);
  const count = rows.total ?? 0;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollPaddingStart: phone ? 0 : 34,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;

  // The virtualizer's measurements: rows are higher on a phone.
  useEffect(() => {
    if (rowHeight > 0) virtualizer.measure();
  }, [rowHeight, virtualizer]);

  // The network: the rows in sight.
  useEffect(() => onRange(first, last), [first, last, onRange]);

  // The scroll position: another view begins at its top.
  const { viewKey, goTo } = props;
  const shownView = useRef(viewKey);
  useEffect(() => {
    if (shownView.current === viewKey) return;
    shownView.current = viewKey;
    scroller.current?.scrollTo({ top: 0 });
  }, [viewKey]);

  // The scroll position: at a row that was asked for.
  useEffect(() => {
    if (goTo) virtualizer.scrollToIndex(goTo.place, { align: "auto" });
  }, [goTo, virtualizer]);

  const data = useMemo<TableRow[]>(
    () =>
      Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => ({
        place: first + index,
        prediction: rows.rowAt(first + index),
        reveal,
      })),
    [first, last, rows, reveal],
  );
  const table = useTable({
    features: predictionFeatures,
    columns: predictionColumns,
    data,
    getRowId: (row) => String(row.place),
    state: {
      columnVisibility: Object.fromEntries(tableColumns.map((id) => [id, columns.includes(id)])),
    },
  });
  const tableRows = table.getRowModel().rows;
  const grid = useMemo(() => rowGrid(columns), [columns]);
  const Line = phone ? PredictionRowPhone : PredictionRow;

  const focusRow = (step: 1 | -1) => {
    const active = document.activeElement?.getAttribute("data-place");
    const at = active === null || active === undefined ? first - 1 : Number(active);
    const to = Math.min(count - 1, Math.max(0, at + step));
    virtualizer.scrollToIndex(to);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-place="${to}"]`)?.focus(),
    );
  };
  useHotkeys({ j: () => focusRow(1), k: () => focusRow(-1) }, props.keys);

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto overscroll-contain">
      <table
        aria-label="Predictions"
        aria-rowcount={count + 1}
        aria-busy={rows.busy}
        className="block min-w-full"
        style={phone ? undefined : { minWidth: grid.minWidth }}
      >
        {phone ? null : <TableHeader grid={grid} sort={sort} onSort={onSort} compared={compared} />}
        <tbody
          className="relative block transition-opacity data-busy:opacity-60"
          data-busy={rows.busy || undefined}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const row = tableRows[item.index - first];
            if (!row) return null;
            const style: CSSProperties = { transform: `translateY(${item.start}px)` };
            if (!phone) style.gridTemplateColumns = grid.columns;
            return (
              <Line
                key={item.key}
                row={row}
                before={grid.before}
                after={grid.after}
                selected={selected !== null && row.original.prediction?.sample_id === selected}
                onOpen={onOpen}
                style={style}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
