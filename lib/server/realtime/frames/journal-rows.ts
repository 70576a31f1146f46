import type { JournalRow } from "@signalbox/protocol/stream/stream";
import type { StreamRow } from "@signalbox/protocol/stream/stream-row";
import { rowFrames } from "./row-framing.ts";
import { streamFilter } from "./stream-filter.ts";

const everything = streamFilter({ full: "1" });

/**
 * The journal rows of one seq, each with the data of an unfiltered `full=1` frame. A batch of
 * predictions gives one row per prediction.
 */
export function toJournalRows(row: StreamRow): JournalRow[] {
  return rowFrames(everything, row).map((data) => ({ seq: row.seq, event: row.stream, data }));
}
