import { parseCursor, type StreamCursor } from "@signalbox/protocol/stream/cursor";
import { useState } from "react";

/**
 * The first cursor this page saw of the stream, or of its newest generation: from this seq on the
 * live tail is complete. Rows between an older history and it are in neither. Null before the first.
 */
export function useLiveFromSeq(cursor: string | null): number | null {
  const [first, setFirst] = useState<StreamCursor | null>(null);
  const at = cursor === null ? null : parseCursor(cursor);
  if (at && first?.generation !== at.generation) {
    setFirst(at);
    return at.seq;
  }
  return first?.seq ?? null;
}
