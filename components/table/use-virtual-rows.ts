import { useVirtualizer } from "@tanstack/react-virtual";
import { type ComponentType, type HTMLAttributes, type RefObject, useEffect, useRef } from "react";
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

interface VirtualRowsOptions<Row> {
  source: RowSource<Row>;
  layout: RowLayout<Row>;
  scroll: TableScroll;
  keys: RowKeys | null;
  /** The height of the header in the same scroll area. */
  margin: number;
}

/** The rows in view, and everything that scrolls: by keyboard, by request, to the top or the end. */
export function useVirtualRows<Row>(options: VirtualRowsOptions<Row>) {
  const { source, layout, scroll, keys, margin } = options;
  const { count, keyOf, onRange } = source;
  const { height, overscan = 12 } = layout;
  const ownScroller = useRef<HTMLDivElement>(null);
  const scroller = scroll.ref ?? ownScroller;
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLTableRowElement>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan,
    scrollMargin: margin,
    scrollPaddingStart: margin,
    ...(keyOf ? { getItemKey: keyOf } : {}),
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  const bodyHeight = virtualizer.getTotalSize();
  const { onFocus, reset } = useRowKeys({ keys, scroller, virtualizer, count });
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

  return {
    scroller,
    items,
    bodyHeight,
    measureElement: virtualizer.measureElement,
    onFocus,
    onScroll,
  };
}
