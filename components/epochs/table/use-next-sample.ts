import { useState } from "react";
import type { PredictionRows } from "@/lib/hooks/predictions/use-prediction-rows";

interface UseNextSample {
  rows: PredictionRows;
  sample: number | null;
  /** A requested row; opened once it is loaded. */
  wanted: number | null;
  setWanted: (place: number | null) => void;
  onOpen: (sample: number) => void;
}

/** Steps through the samples in the table's order and filter. */
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
    // From a sample outside the table, the next one is the first row.
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
