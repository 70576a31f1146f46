"use client";

import { useMemo } from "react";
import { cn } from "@/components/ui/cn";
import { type Column, columnGrid } from "./column";
import { headerHeight, TableHeader, type TableHeading } from "./table-header";
import type { RowKeys } from "./use-row-keys";
import {
  type RowLayout,
  type RowSource,
  type TableScroll,
  useVirtualRows,
} from "./use-virtual-rows";

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
  const { Row, measured = false, stacked = false } = layout;
  const headerRows = heading ? 1 : 0;
  const margin = heading && !stacked ? headerHeight : 0;
  const rows = useVirtualRows({ source, layout, scroll, keys, margin });
  const { gridTemplateColumns, minWidth } = useMemo(() => columnGrid(columns), [columns]);
  return (
    <div
      {...scroll.attributes}
      ref={rows.scroller}
      className={cn(
        "min-h-0 flex-1 overflow-auto overscroll-contain",
        scroll.attributes?.className,
      )}
      onScroll={(event) => {
        rows.onScroll();
        scroll.attributes?.onScroll?.(event);
      }}
    >
      <table
        aria-label={label}
        aria-rowcount={(source.total ?? source.count) + headerRows}
        aria-busy={source.busy ?? false}
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
          data-busy={source.busy || undefined}
          style={{ height: rows.bodyHeight }}
          onFocus={rows.onFocus}
        >
          {rows.items.map((item) => (
            <Row
              key={item.key}
              row={source.rowAt(item.index)}
              index={item.index}
              ariaIndex={item.index + headerRows + 1}
              columns={columns}
              gridTemplateColumns={stacked ? undefined : gridTemplateColumns}
              top={item.start - margin}
              measure={measured ? rows.measureElement : undefined}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
