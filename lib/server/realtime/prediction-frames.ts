import type { StreamRow } from "./feed.ts";
import { frameText } from "./frame-text.ts";
import type { StreamFilter } from "./stream-filter.ts";

/** What `read_stream` fills a prediction batch's row with. */
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

/**
 * A batch's predictions as a frame each, with how many the filter's epoch (or the job) now has. The
 * cursor comes with the last one only: it never runs ahead of what was delivered.
 */
export function predictionFrames(filter: StreamFilter, row: StreamRow, id: string): string {
  const { predictions, counts, total_count } = storedPredictions(row);
  const passing =
    filter.epoch === null ? predictions : predictions.filter(({ epoch }) => epoch === filter.epoch);
  const total =
    filter.epoch === null
      ? total_count
      : (counts.find(([epoch]) => epoch === filter.epoch)?.[1] ?? passing.length);
  return passing
    .map((prediction, index) =>
      frameText(
        "prediction",
        { prediction, total_count: total, timestamp: row.created_at },
        index === passing.length - 1 ? id : undefined,
      ),
    )
    .join("");
}
