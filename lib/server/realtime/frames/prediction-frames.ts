import type { StreamRow } from "../source/feed.ts";
import type { FrameForm } from "./frame-form.ts";
import type { StreamFilter } from "./stream-filter.ts";

/** The payload that `read_stream` gives the row of a prediction batch. */
interface StoredPredictions {
  predictions: { epoch: number }[];
  /** How many predictions each epoch of the batch now has. */
  counts: [number, number][];
  total_count: number;
}

function storedPredictions(row: StreamRow): StoredPredictions {
  return row.payload as unknown as StoredPredictions;
}

/** Whether a prediction batch holds anything for a filter. */
export function hasPredictions(filter: StreamFilter, row: StreamRow): boolean {
  const { predictions } = storedPredictions(row);
  return filter.epoch === null || predictions.some(({ epoch }) => epoch === filter.epoch);
}

/** The data of each prediction's frame, with the current count of the filter's epoch (or the job). */
export function predictionPayloads(epoch: number | null, row: StreamRow) {
  const { predictions, counts, total_count } = storedPredictions(row);
  const passing =
    epoch === null ? predictions : predictions.filter((prediction) => prediction.epoch === epoch);
  const total =
    epoch === null
      ? total_count
      : (counts.find(([counted]) => counted === epoch)?.[1] ?? passing.length);
  return passing.map((prediction) => ({
    prediction,
    total_count: total,
    timestamp: row.created_at,
  }));
}

/**
 * One frame per prediction of a batch. Only the last carries the cursor, which never runs ahead of
 * what was delivered.
 */
export function predictionFrames(
  filter: StreamFilter,
  row: StreamRow,
  cursor: string,
  form: FrameForm,
): string[] {
  return predictionPayloads(filter.epoch, row).map((data, index, all) =>
    form.write("prediction", data, index === all.length - 1 ? cursor : undefined),
  );
}
