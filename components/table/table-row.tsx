"use client";

import {
  type ComponentType,
  type CSSProperties,
  type HTMLAttributes,
  memo,
  type ReactNode,
  type Ref,
} from "react";
import { cn } from "@/components/ui/cn";
import type { Column } from "./column";

/** The props of a component that draws a row. */
export interface RowProps<Row> {
  /** Compared field by field: a row is drawn again only when one of them differs. */
  row: Row;
  index: number;
  /** The place among all rows, the header's included, counted from 1. */
  ariaIndex: number;
  columns: readonly Column<Row>[];
  /** The tracks of the columns; undefined in the phone layout. */
  gridTemplateColumns: string | undefined;
  /** The distance from the top of the table's body, in pixels. */
  top: number;
  /** Set where rows measure their own height. */
  measure?: Ref<HTMLTableRowElement> | undefined;
}

function sameFields(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const theirs = new Map(Object.entries(b));
  const mine = Object.entries(a);
  return (
    mine.length === theirs.size &&
    mine.every(([key, value]) => theirs.has(key) && Object.is(theirs.get(key), value))
  );
}

/** Makes the component of a row: scrolling draws only rows that show something else. */
export function memoRow<Row>(
  component: (props: RowProps<Row>) => ReactNode,
): ComponentType<RowProps<Row>> {
  return memo(component, (a, b) => {
    const { row: rowA, ...restA } = a;
    const { row: rowB, ...restB } = b;
    return sameFields(rowA, rowB) && sameFields(restA, restB);
  });
}

/** The position of a virtual row, for the `style` of its `<tr>`. */
export function rowPosition(row: {
  top: number;
  gridTemplateColumns: string | undefined;
}): CSSProperties {
  const { top, gridTemplateColumns } = row;
  const transform = `translateY(${top}px)`;
  return gridTemplateColumns === undefined ? { transform } : { transform, gridTemplateColumns };
}

interface TableRowProps<Row> extends RowProps<Row> {
  className?: string | undefined;
  /** Data attributes and styles of the `<tr>`. */
  attributes?: HTMLAttributes<HTMLTableRowElement> & Record<`data-${string}`, unknown>;
  /** In place of the columns' cells. */
  children?: ReactNode;
}

/** One row: a positioned `<tr>` with a cell for each column. */
export function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, index, ariaIndex, columns, className, attributes, children, measure } = props;
  return (
    <tr
      {...attributes}
      ref={measure}
      data-index={index}
      aria-rowindex={ariaIndex}
      style={{ ...rowPosition(props), ...attributes?.style }}
      className={cn("absolute inset-x-0 top-0 grid", className)}
    >
      {children ??
        columns.map((column) => (
          <TableCell
            key={column.id}
            header={column.rowHeader}
            className={cn(column.align === "end" && "justify-end", column.className)}
          >
            {column.cell(row)}
          </TableCell>
        ))}
    </tr>
  );
}

interface TableCellProps {
  header?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
}

export function TableCell({ header = false, className, children }: TableCellProps) {
  const classes = cn(
    "flex min-w-0 items-center px-1.5 font-normal",
    !header && "overflow-hidden",
    className,
  );
  return header ? (
    <th scope="row" className={classes}>
      {children}
    </th>
  ) : (
    <td className={classes}>{children}</td>
  );
}
