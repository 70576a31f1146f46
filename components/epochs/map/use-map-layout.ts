import { useMemo } from "react";
import { type SampleName, useSampleNames } from "@/lib/hooks/predictions/use-prediction-map";
import {
  layOutMap,
  type MapCellPlace,
  type MapLayout,
  type RowHeight,
} from "@/lib/predictions/map/map-picture";
import { smallestWithName } from "./draw-map";

const gutterWidth = 92;

/** The layout of the cells, and the width of the row labels where rows are high enough for them. */
export function useMapLayout(
  samples: number,
  epochs: number,
  { width, height }: { width: number; height: number },
  rowHeight: RowHeight,
): { layout: MapLayout; gutter: number } {
  return useMemo(() => {
    const size = { samples, epochs };
    const bare = layOutMap(size, { width, height }, rowHeight);
    const gutter = bare.rowHeight >= smallestWithName ? gutterWidth : 0;
    return { layout: layOutMap(size, { width: width - gutter, height }, rowHeight), gutter };
  }, [samples, epochs, width, height, rowHeight]);
}

interface NamesInView {
  order: Uint32Array;
  layout: MapLayout;
  gutter: number;
  top: number;
  height: number;
  active: MapCellPlace | null;
}

/** Names of the visible rows where rows are labelled, else of the hovered row. */
export function useMapNames(jobId: string, view: NamesInView): ReadonlyMap<number, SampleName> {
  const { order, layout, gutter, top, height, active } = view;
  const first = Math.floor(top / layout.rowHeight);
  const last = Math.ceil((top + height) / layout.rowHeight);
  const place = active?.place ?? null;
  const ids = useMemo(() => {
    if (gutter > 0) return [...order.subarray(first, last + 1)];
    return place === null ? [] : [...order.subarray(place, place + 1)];
  }, [gutter, order, first, last, place]);
  return useSampleNames(jobId, ids);
}
