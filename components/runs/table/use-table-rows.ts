import { useCallback, useLayoutEffect, useMemo, useRef } from "react";
import type { RowSource } from "@/components/table/use-virtual-rows";
import type { LiveRuns } from "../data/use-live-runs";
import type { RunSelection } from "../selection/use-run-selection";
import { type RunsTableRow, tableLines } from "./table-rows";

/** The pages in view are read once scrolling has paused for this long. */
const scrollPauseMs = 60;

interface TableRowsOptions {
  live: LiveRuns;
  /** The runs at the top of the list, in the order shown. */
  order: readonly string[];
  selection: RunSelection;
  /** What every group's heading has besides its group. */
  heading: Omit<RunsTableRow & { kind: "group" }, "kind" | "group" | "folded">;
  folded: readonly string[];
}

/** The rows of the runs table: runs by their place in the list, with a heading above each group. */
export function useTableRows({ live, order, selection, heading, folded }: TableRowsOptions) {
  const { known, tail, total, groups, setVisible } = live;
  // Runs below the head move with it, so that held-back rows leave no gap.
  const shift = order.length - live.order.length;
  const idAt = (place: number) => order[place] ?? tail.get(place - shift);
  const listed = Math.max(total + (groups ? 0 : shift), order.length);
  const lines = useMemo(() => tableLines(listed, groups, folded), [listed, groups, folded]);

  const shown = order.length > 0 ? order : [...tail].sort(([a], [b]) => a - b).map(([, id]) => id);
  const latestShown = useRef(shown);
  // The row's callback below reads the order of the last render.
  useLayoutEffect(() => {
    latestShown.current = shown;
  });
  const { toggle } = selection;
  const onSelect = useCallback(
    (id: string, checked: boolean, range: boolean) =>
      toggle(id, checked, range, latestShown.current),
    [toggle],
  );

  const source: RowSource<RunsTableRow> = {
    count: lines.count,
    total,
    rowAt: (index) => {
      const line = lines.at(index);
      if (line.kind === "group") return { ...heading, ...line };
      const id = idAt(line.place);
      const job = id === undefined ? undefined : known.get(id);
      if (!job) return { kind: "loading" };
      return { kind: "run", job, selected: selection.has(job.id), onSelect };
    },
    keyOf: (index) => {
      const line = lines.at(index);
      return line.kind === "group" ? `group ${line.group.key}` : (idAt(line.place) ?? index);
    },
    onRange: useCallback(
      (first: number, last: number) => {
        const timer = window.setTimeout(() => {
          const places = [];
          for (let index = first; index <= last; index += 1) {
            const line = lines.at(index);
            if (line.kind === "run") places.push(line.place);
          }
          setVisible({ from: places[0] ?? 0, to: places.at(-1) ?? 0 });
        }, scrollPauseMs);
        return () => window.clearTimeout(timer);
      },
      [lines, setVisible],
    ),
  };
  const canFocus = (index: number) => {
    const line = lines.at(index);
    return line.kind === "run" && idAt(line.place) !== undefined;
  };
  return { source, shown, canFocus };
}
