"use client";

import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { type CSSProperties, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import type { Job } from "@/lib/contracts/job";
import { useHotkeys } from "@/lib/hooks/use-hotkeys";
import { usePhone } from "@/lib/hooks/use-media-query";
import { type ColumnId, columnIds, rowGrid, type SortKey } from "./column-ids";
import { RunRow, RunRowPhone } from "./run-row";
import { runsColumns, runsFeatures } from "./runs-columns";
import { RunsHeader } from "./runs-header";
import { useHeldOrder } from "./use-held-order";
import type { RunSelection } from "./use-run-selection";

interface RunsTableProps {
  known: ReadonlyMap<string, Job>;
  order: readonly string[];
  total: number;
  /** Changes when sort or filter do: then nothing is held back. */
  view: unknown;
  columns: readonly ColumnId[];
  sort: SortKey;
  onSort: (sort: SortKey) => void;
  selection: RunSelection;
  onEndReached: (() => void) | undefined;
  /** Shown dimmed while another view loads. */
  busy: boolean;
}

/** The live table of runs: virtual rows that stay put under the pointer. */
export function RunsTable(props: RunsTableProps) {
  const { known, total, view, columns, sort, onSort, selection, onEndReached, busy } = props;
  const phone = usePhone();
  const rowHeight = phone ? 68 : 34;
  const headerHeight = phone ? 0 : 34;
  const scroller = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const [released, setReleased] = useState(false);

  const hold = (pointed || focused || scrolled) && !released;
  const { order, waiting } = useHeldOrder(props.order, (id) => known.has(id), hold, view);
  if (released && waiting === 0) setReleased(false);

  const data = useMemo(() => order.flatMap((id) => known.get(id) ?? []), [order, known]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columnIds.map((id) => [id, columns.includes(id)])),
    [columns],
  );
  const table = useTable({
    features: runsFeatures,
    columns: runsColumns,
    data,
    getRowId: (job) => job.id,
    state: { columnVisibility, rowSelection: selection.state },
    onRowSelectionChange: selection.setState,
  });
  const rows = table.getRowModel().rows;

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    // The sticky header stands above the rows in the same scroller.
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
  });
  // The virtualizer's measurements: rows are twice as high on a phone.
  useEffect(() => {
    if (rowHeight > 0) virtualizer.measure();
  }, [rowHeight, virtualizer]);

  const items = virtualizer.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? -1;
  // The network: the next page, shortly before its place comes into view.
  useEffect(() => {
    if (onEndReached && lastIndex >= rows.length - 20) onEndReached();
  }, [lastIndex, rows.length, onEndReached]);

  // Where j and k go on from: focus itself follows a frame later, when the row has been drawn.
  const cursor = useRef<string | null>(null);
  const focusRow = (step: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === cursor.current);
    const to = Math.min(rows.length - 1, Math.max(0, at + step));
    const id = rows[to]?.id;
    if (id === undefined) return;
    cursor.current = id;
    virtualizer.scrollToIndex(to);
    requestAnimationFrame(() => {
      if (cursor.current === id) linkOf(scroller.current, id)?.focus({ preventScroll: true });
    });
  };
  useHotkeys({
    j: () => focusRow(1),
    k: () => focusRow(-1),
    x: () => {
      const id = rowOf(document.activeElement);
      if (id) selection.toggle(id, !selection.has(id), false, order);
    },
    Escape: selection.clear,
  });

  const grid = rowGrid(columns);
  const Row = phone ? RunRowPhone : RunRow;
  const select = (id: string, checked: boolean, range: boolean) =>
    selection.toggle(id, checked, range, order);

  return (
    <div
      className="relative flex min-h-0 flex-1 flex-col"
      onPointerEnter={(event) => setPointed(event.pointerType === "mouse")}
      onPointerLeave={() => setPointed(false)}
    >
      {waiting > 0 ? (
        <NewRuns
          count={waiting}
          onShow={() => {
            setReleased(true);
            scroller.current?.scrollTo({ top: 0 });
          }}
        />
      ) : null}
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-auto overscroll-contain"
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 8)}
      >
        <table
          aria-label="Runs"
          aria-rowcount={total + 1}
          aria-busy={busy}
          className="block min-w-full"
          style={phone ? undefined : { minWidth: grid.minWidth }}
        >
          <RunsHeader
            hidden={phone}
            columns={columns}
            gridTemplateColumns={grid.gridTemplateColumns}
            sort={sort}
            onSort={onSort}
            all={selection.allOf(order)}
            onAll={(checked) => selection.setAll(order, checked)}
          />
          <tbody
            className="relative block transition-opacity data-busy:opacity-60"
            data-busy={busy || undefined}
            style={{ height: virtualizer.getTotalSize() }}
            onFocus={(event) => {
              setFocused(true);
              cursor.current = rowOf(event.target);
            }}
            onBlur={() => setFocused(false)}
          >
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              const style: CSSProperties = {
                transform: `translateY(${item.start - headerHeight}px)`,
              };
              if (!phone) style.gridTemplateColumns = grid.gridTemplateColumns;
              return (
                <Row
                  key={row.id}
                  row={row}
                  job={row.original}
                  index={item.index}
                  selected={selection.has(row.id)}
                  onSelect={select}
                  style={style}
                  columnsKey={columns.join()}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function rowOf(element: Element | null): string | null {
  return element?.closest("[data-row]")?.getAttribute("data-row") ?? null;
}

function linkOf(root: HTMLElement | null, id: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`[data-run-link="${CSS.escape(id)}"]`) ?? null;
}

/** Offers runs that arrived while the reader was busy further down. */
function NewRuns({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-0.75 z-20 flex justify-center">
      <Button
        size="sm"
        variant="primary"
        className="pointer-events-auto rounded-full shadow-popup"
        onClick={onShow}
      >
        <ArrowUp aria-hidden />
        {count} new
      </Button>
    </div>
  );
}
