import { parseCursor, type StreamCursor } from "@signalbox/protocol/stream";
import { useState } from "react";

/**
 * From which seq on the live tail is complete: where this page first heard of the stream, or of a
 * new generation of it. History that ends before it has a gap behind it. Null before the first.
 */
export function useAttachedSeq(cursor: string | null): number | null {
  const [attached, setAttached] = useState<StreamCursor | null>(null);
  const at = cursor === null ? null : parseCursor(cursor);
  if (at && attached?.generation !== at.generation) {
    setAttached(at);
    return at.seq;
  }
  return attached?.seq ?? null;
}
