"use client";

import type { Job, RunGroup } from "@signalbox/protocol/job";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { type CSSProperties, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/feedback/skeleton";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { usePhone } from "@/lib/hooks/page/use-media-query";
import { useHeldOrder } from "../data/use-held-order";
import type { RunSelection } from "../selection/use-run-selection";
import { type ColumnId, rowGrid, type SortKey } from "./column-ids";
import { GroupRow } from "./group-row";
import { tableLines } from "./group-rows";
import { RunRow, RunRowPhone } from "./run-row";
import { RunsHeader } from "./runs-header";

interface RunsTableProps {
  known: ReadonlyMap<string, Job>;
  order: readonly string[];
  /** Runs beyond `order`, by their place in the whole list; those not read yet are missing. */
  tail: ReadonlyMap<number, string>;
  total: number;
  /** In grouped lists: the groups in order, and the keys of those that are folded. */
  groups: readonly RunGroup[] | null;
  groupBy: string | null;
  folded: readonly string[];
  onFold: (key: string) => void;
  /** The run that others are measured against. */
  base: Job | null;
  /** Changes when sort or filter do: then nothing is held back. */
  view: unknown;
  columns: readonly ColumnId[];
  /** The columns in another order. */
  onColumns: (columns: ColumnId[]) => void;
  sort: SortKey;
  onSort: (sort: SortKey) => void;
  selection: RunSelection;
  /** Tells which places of the list are in view. */
  onVisible: (range: { from: number; to: number }) => void;
  /** Shown dimmed while another view loads. */
  busy: boolean;
}

/** The live table of runs: virtual rows that stay put under the pointer. */
export function RunsTable(props: RunsTableProps) {
  const { known, tail, total, view, columns, sort, onSort, selection, onVisible, busy } = props;
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

  // What stands beyond the head moves with it: rows held back there leave no hole.
  const shift = order.length - props.order.length;
  const idAt = (place: number) => order[place] ?? tail.get(place - shift);
  const listed = Math.max(total + (props.groups ? 0 : shift), order.length);
  const lines = useMemo(
    () => tableLines(listed, props.groups, props.folded),
    [listed, props.groups, props.folded],
  );

  const virtualizer = useVirtualizer({
    count: lines.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const line = lines.at(index);
      return line.kind === "group" ? `group ${line.group.key}` : (idAt(line.place) ?? index);
    },
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
  const firstLine = items[0]?.index ?? 0;
  const lastLine = items.at(-1)?.index ?? 0;
  // The network: the pages in view, once scrolling rests for a moment.
  useEffect(() => {
    const timer = window.setTimeout(() => {
      const places = [];
      for (let index = firstLine; index <= lastLine; index += 1) {
        const line = lines.at(index);
        if (line.kind === "run") places.push(line.place);
      }
      onVisible({ from: places[0] ?? 0, to: places.at(-1) ?? 0 });
    }, 60);
    return () => window.clearTimeout(timer);
  }, [firstLine, lastLine, lines, onVisible]);

  // Where j and k go on from: focus itself follows a frame later, when the row has been drawn.
  const cursor = useRef<string | null>(null);
  const cursorLine = useRef(-1);
  const focusRow = (step: 1 | -1) => {
    let to = cursorLine.current;
    let id: string | undefined;
    do {
      to += step;
      const line = to >= 0 && to < lines.count ? lines.at(to) : null;
      if (!line) return;
      id = line.kind === "run" ? idAt(line.place) : undefined;
    } while (id === undefined);
    cursorLine.current = to;
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
      if (id) selection.toggle(id, !selection.has(id), false, []);
    },
    Escape: selection.clear,
  });

  const grid = rowGrid(columns);
  const Row = phone ? RunRowPhone : RunRow;
  const seen = () =>
    order.length > 0 ? order : [...tail].sort(([a], [b]) => a - b).map(([, id]) => id);
  const select = (id: string, checked: boolean, range: boolean) =>
    selection.toggle(id, checked, range, seen());

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
            onColumns={props.onColumns}
            gridTemplateColumns={grid.gridTemplateColumns}
            sort={sort}
            onSort={onSort}
            all={selection.allOf(seen())}
            onAll={(checked) => selection.setAll(seen(), checked)}
          />
          <tbody
            className="relative block transition-opacity data-busy:opacity-60"
            data-busy={busy || undefined}
            style={{ height: virtualizer.getTotalSize() }}
            onFocus={(event) => {
              setFocused(true);
              cursor.current = rowOf(event.target);
              const line = event.target.closest("[data-line]")?.getAttribute("data-line");
              if (line) cursorLine.current = Number(line);
            }}
            onBlur={() => setFocused(false)}
          >
            {items.map((item) => {
              const line = lines.at(item.index);
              const style: CSSProperties = {
                transform: `translateY(${item.start - headerHeight}px)`,
              };
              if (!phone) style.gridTemplateColumns = grid.gridTemplateColumns;
              if (line.kind === "group") {
                return (
                  <GroupRow
                    key={item.key}
                    {...line}
                    by={props.groupBy ?? ""}
                    columns={columns}
                    base={props.base}
                    style={{ ...style, height: rowHeight }}
                    onFold={props.onFold}
                  />
                );
              }
              const id = idAt(line.place);
              const job = id === undefined ? undefined : known.get(id);
              if (!job) return <BlankRow key={item.key} style={{ ...style, height: rowHeight }} />;
              return (
                <Row
                  key={item.key}
                  job={job}
                  columns={columns}
                  base={props.base}
                  index={item.index}
                  selected={selection.has(job.id)}
                  onSelect={select}
                  style={style}
                />
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** A run whose page has not come yet. */
function BlankRow({ style }: { style: CSSProperties }) {
  return (
    <tr
      aria-hidden
      style={style}
      className="absolute inset-x-0 top-0 flex items-center border-b border-line/70"
    >
      <td className="pl-11">
        <Skeleton className="w-40 opacity-50" />
      </td>
    </tr>
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
