import { useLayoutEffect, useMemo, useState } from "react";
import { groupLines } from "@/lib/charts/kinds/line/group-lines";
import type { PanelLine } from "@/lib/charts/kinds/line/line-picture";
import type { LineSource, LineView } from "@/lib/charts/panels/line-source";
import { createPanelStore, type PanelStore } from "@/lib/charts/panels/panel-store";
import { useHistories } from "./use-histories";

export interface LiveLines {
  /** The picture, which follows the live tail by itself. */
  store: PanelStore;
  loading: boolean;
  /** The picture still shows the previous view, until this one has been read. */
  settling: boolean;
  /** At least one request failed. */
  failed: boolean;
  retry: () => void;
}

/**
 * The lines of one panel, ready to draw: their history in buckets, and behind it the live tail. If
 * not `enabled` (off the screen), nothing is fetched, merged or drawn.
 */
export function useLines(source: LineSource, view: LineView, enabled: boolean): LiveLines {
  const { lines, tail, groups, extents, budget } = source;
  const { zoom, axis, large } = view;
  const requests = useMemo(() => source.load({ zoom, axis, large }), [source, zoom, axis, large]);
  const { histories, settling, failed, retry } = useHistories(requests, tail, enabled);
  // A third more columns than were read: a live line has room to grow before it is coarsened.
  const maxColumns = (Math.min(...requests.map(({ buckets }) => buckets)) * 4) / 3;

  const store = useMemo(() => createPanelStore(budget), [budget]);
  const [shown, setShown] = useState<PanelStore | null>(null);
  useLayoutEffect(() => {
    if (!enabled || settling) return;
    setShown(store);
    const inputs = lines.map((line) => ({ ...line, history: histories.get(line.id) ?? null }));
    const combine = groups
      ? (own: readonly PanelLine[], most: number) => groupLines(own, groups, most, axis === "step")
      : null;
    store.set({ lines: inputs, extents, zoom, axis, maxColumns, combine });
  }, [store, extents, enabled, settling, lines, histories, groups, zoom, axis, maxColumns]);

  // Follows the live tail. Without its history, a line's tail would look like all of the line.
  useLayoutEffect(() => {
    if (!enabled || settling) return;
    const follow = () => store.follow((id) => (histories.has(id) ? tail.get(id) : null));
    follow();
    const leave = [tail.subscribe(follow), extents.subscribe(store.refresh)];
    return () => {
      for (const each of leave) each();
    };
  }, [store, enabled, settling, histories, tail, extents]);

  return { store, loading: enabled && shown !== store, settling, failed, retry };
}
