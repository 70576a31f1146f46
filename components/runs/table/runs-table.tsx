"use client";

import type { Job } from "@signalbox/protocol/job/job";
import { ArrowUp } from "lucide-react";
import { useMemo, useRef } from "react";
import { VirtualTable } from "@/components/table/virtual-table";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/inputs/checkbox";
import { useHotkeys } from "@/lib/hooks/page/use-hotkeys";
import { usePhone } from "@/lib/hooks/page/use-media-query";
import type { LiveRuns } from "../data/use-live-runs";
import type { RunsParams } from "../data/use-runs-params";
import type { RunSelection } from "../selection/use-run-selection";
import { defaultColumns, isColumn } from "./column-ids";
import { RunRow, RunRowPhone, rowHeights } from "./run-row";
import { selectColumn, tableColumns } from "./table-columns";
import { useHeldRows } from "./use-held-rows";
import { useTableRows } from "./use-table-rows";

/** A view that is still loading; its rows are shown in their own order. */
const loadingView = {};

interface RunsTableProps {
  live: LiveRuns;
  runs: RunsParams;
  selection: RunSelection;
  /** The run that others are compared with. */
  baseline: Job | null;
}

/** The live table of runs: rows stay in place under the pointer. */
export function RunsTable({ live, runs, selection, baseline }: RunsTableProps) {
  const { params } = runs;
  const phone = usePhone();
  const scroller = useRef<HTMLDivElement>(null);
  const busy = live.list.isPlaceholderData;
  const held = useHeldRows(live, busy ? loadingView : runs.query);
  const rows = useTableRows({
    live,
    order: held.order,
    selection,
    heading: {
      by: params.group ?? "",
      baseline,
      onFold: (key) => void runs.toggleFold(key),
    },
    folded: params.folded,
  });
  const ids = params.cols ?? defaultColumns;
  const columns = useMemo(() => tableColumns(ids, baseline), [ids, baseline]);

  useHotkeys({
    x: () => {
      const id = document.activeElement?.closest("[data-row]")?.getAttribute("data-row");
      if (id) selection.toggle(id, !selection.has(id), false, []);
    },
    Escape: selection.clear,
  });

  const all = selection.allOf(rows.shown);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col" {...held.listeners}>
      {held.waiting > 0 ? (
        <NewRuns
          count={held.waiting}
          onShow={() => {
            held.release();
            scroller.current?.scrollTo({ top: 0 });
          }}
        />
      ) : null}
      <VirtualTable
        label="Runs"
        columns={columns}
        source={{ ...rows.source, busy }}
        layout={
          phone
            ? { Row: RunRowPhone, height: rowHeights.phone, stacked: true }
            : { Row: RunRow, height: rowHeights.line }
        }
        heading={{
          sort: params.sort,
          onSort: (sort) => void runs.setParams({ sort }),
          onOrder: (next) => runs.setColumns(next.filter(isColumn)),
          heads: {
            [selectColumn]: (
              <Checkbox
                checked={all === true}
                indeterminate={all === "some"}
                aria-label="Select all runs shown"
                onCheckedChange={(checked) => selection.setAll(rows.shown, checked)}
              />
            ),
          },
        }}
        scroll={{ ref: scroller, attributes: { onScroll: held.onScroll } }}
        keys={{ enabled: true, canFocus: rows.canFocus }}
      />
    </div>
  );
}

/** Offers runs that arrived while rows were held in place. */
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
