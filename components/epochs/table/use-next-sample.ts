import { useState } from "react";
import type { PredictionRows } from "@/lib/hooks/predictions/use-prediction-rows";

interface UseNextSample {
  rows: PredictionRows;
  sample: number | null;
  /** A place that is on its way: opened as soon as its row is loaded. */
  wanted: number | null;
  setWanted: (place: number | null) => void;
  onOpen: (sample: number) => void;
}

/** The way from a sample to the next one, in the order and with the filter of the table. */
export function useNextSample({ rows, sample, wanted, setWanted, onOpen }: UseNextSample) {
  const [goTo, setGoTo] = useState<{ index: number } | null>(null);
  const place = sample === null ? null : rows.placeOf(sample);
  const total = rows.total ?? 0;

  const arrived = wanted === null || rows.busy ? undefined : rows.rowAt(wanted);
  if (wanted !== null && arrived) {
    setWanted(null);
    onOpen(arrived.sample_id);
  }

  const go = (step: 1 | -1) => {
    if (sample === null) return;
    // A sample that the table does not show leads to the table's first one.
    const to = (wanted ?? place ?? (step === 1 ? -1 : 1)) + step;
    if (to < 0 || to >= total) return;
    setGoTo({ index: to });
    const row = rows.rowAt(to);
    if (row) onOpen(row.sample_id);
    else setWanted(to);
  };
  return {
    goTo,
    position: place === null ? null : { place, total },
    next: () => go(1),
    previous: () => go(-1),
  };
}
