import type { StreamName } from "@signalbox/protocol/stream/stream-name";
import type { StreamRow } from "@signalbox/protocol/stream/stream-row";

/** A row with as much of its payload as a test needs: the hub passes payloads on unread. */
export function testRow<Name extends StreamName>(
  stream: Name,
  payload: object,
  { seq = 1, created_at = "" } = {},
): StreamRow<Name> {
  return { seq, stream, payload, created_at } as StreamRow<Name>;
}
