"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ComponentType,
  type HTMLAttributes,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
} from "react";
import { cn } from "@/components/ui/cn";
import { type Column, columnGrid } from "./column";
import { headerHeight, TableHeader, type TableHeading } from "./table-header";
import type { RowProps } from "./table-row";
import { type FollowEnd, useFollowEnd } from "./use-follow-end";
import { type RowKeys, useRowKeys } from "./use-row-keys";

/** Where the rows come from. */
export interface RowSource<Row> {
  count: number;
  /** The number of rows for screen readers; `count` by default. */
  total?: number;
  rowAt: (index: number) => Row;
  /** The React key of a row; the index by default. */
  keyOf?: (index: number) => string | number;
  /** Called with the rows in view; may return a cleanup function. */
  // biome-ignore lint/suspicious/noConfusingVoidType: as with React's effects.
  onRange?: (first: number, last: number) => void | (() => void);
  /** Dims the rows while others load. */
  busy?: boolean;
}

/** How rows are drawn. */
export interface RowLayout<Row> {
  Row: ComponentType<RowProps<Row>>;
  /** In pixels; an estimate where rows measure themselves. */
  height: number;
  measured?: boolean;
  overscan?: number;
  /** Whether `Row` lays out the whole row itself, as on a phone. */
  stacked?: boolean;
}

/** How the table scrolls. */
export interface TableScroll {
  ref?: RefObject<HTMLDivElement | null>;
  /** A row to bring into view; a new object asks again. */
  goTo?: { index: number; align?: "auto" | "center" } | null;
  /** Scrolls to the top when it changes. */
  resetKey?: string;
  follow?: FollowEnd | null;
  /** Attributes of the scroll area. */
  attributes?: HTMLAttributes<HTMLDivElement>;
}

interface VirtualTableProps<Row, Sort extends string> {
  label: string;
  columns: readonly Column<Row, Sort>[];
  source: RowSource<Row>;
  layout: RowLayout<Row>;
  /** Null for a table without a header. */
  heading: TableHeading<Sort> | null;
  scroll?: TableScroll;
  /** Null where `j` and `k` do nothing. */
  keys?: RowKeys | null;
}

/** A table of any length that renders only the rows in view. */
export function VirtualTable<Row, Sort extends string = never>(
  props: VirtualTableProps<Row, Sort>,
) {
  const { label, columns, source, layout, heading, scroll = {}, keys = null } = props;
  const { count, keyOf, onRange, busy = false } = source;
  const { Row, height, measured = false, overscan = 12, stacked = false } = layout;
  const ownScroller = useRef<HTMLDivElement>(null);
  const scroller = scroll.ref ?? ownScroller;
  const headerRows = heading ? 1 : 0;
  const margin = heading && !stacked ? headerHeight : 0;
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLTableRowElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan,
    // The sticky header is above the rows in the same scroll area.
    scrollMargin: margin,
    scrollPaddingStart: margin,
    ...(keyOf ? { getItemKey: keyOf } : {}),
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const bodyHeight = virtualizer.getTotalSize();
  const rowKeys = useRowKeys({ keys, scroller, virtualizer, count });
  const onScroll = useFollowEnd(scroller, scroll.follow ?? null, bodyHeight);

  // The virtualizer's measurements: rows have another height on a phone.
  useEffect(() => {
    if (height > 0) virtualizer.measure();
  }, [height, virtualizer]);

  // The rows' owner: it loads the rows in view.
  useEffect(() => onRange?.(first, last), [first, last, onRange]);

  // The scroll position: another view begins at its top.
  const { resetKey, goTo } = scroll;
  const shownKey = useRef(resetKey);
  const { reset } = rowKeys;
  useEffect(() => {
    if (shownKey.current === resetKey) return;
    shownKey.current = resetKey;
    reset();
    scroller.current?.scrollTo({ top: 0 });
  }, [resetKey, scroller, reset]);

  // The scroll position: a row that was asked for.
  useEffect(() => {
    if (goTo) virtualizer.scrollToIndex(goTo.index, { align: goTo.align ?? "auto" });
  }, [goTo, virtualizer]);

  const { gridTemplateColumns, minWidth } = useMemo(() => columnGrid(columns), [columns]);
  return (
    <div
      {...scroll.attributes}
      ref={scroller}
      className={cn(
        "min-h-0 flex-1 overflow-auto overscroll-contain",
        scroll.attributes?.className,
      )}
      onScroll={(event) => {
        onScroll();
        scroll.attributes?.onScroll?.(event);
      }}
    >
      <table
        aria-label={label}
        aria-rowcount={(source.total ?? count) + headerRows}
        aria-busy={busy}
        className="block min-w-full"
        style={stacked ? undefined : { minWidth }}
      >
        {heading ? (
          <TableHeader
            columns={columns}
            heading={heading}
            gridTemplateColumns={gridTemplateColumns}
            hidden={stacked}
          />
        ) : null}
        <tbody
          className="relative block transition-opacity data-busy:opacity-60"
          data-busy={busy || undefined}
          style={{ height: bodyHeight }}
          onFocus={rowKeys.onFocus}
        >
          {items.map((item) => (
            <Row
              key={item.key}
              row={source.rowAt(item.index)}
              index={item.index}
              ariaIndex={item.index + headerRows + 1}
              columns={columns}
              gridTemplateColumns={stacked ? undefined : gridTemplateColumns}
              top={item.start - margin}
              measure={measured ? virtualizer.measureElement : undefined}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
