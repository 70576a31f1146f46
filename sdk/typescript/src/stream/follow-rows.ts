import { UnexpectedReplyError } from "../errors.ts";
import { pollRows } from "./poll-rows.ts";
import { followWithPushedEvents } from "./pushed-events.ts";
import type { Cursor, Delivery, SourceContext } from "./rows.ts";
import { streamRows } from "./stream-rows.ts";

/**
 * `auto`: the live stream (`sse`), or polling (`poll`) when streaming is unavailable. `events`: polling,
 * with events at once by `/api/learning/jobs/{id}/events/stream`.
 */
export type Transport = "auto" | "sse" | "poll" | "events";

/**
 * Rows after a cursor by the transport that works; `onFallback` receives the reason for polling. Ends
 * after `reset` or `end`.
 */
export async function* followRows(
  context: SourceContext,
  cursor: Cursor,
  transport: Transport,
  onFallback: (reason: string) => void = () => {},
): AsyncGenerator<Delivery> {
  if (transport === "events") {
    yield* followWithPushedEvents(context, cursor);
    return;
  }
  let { seq } = cursor;
  if (transport !== "poll") {
    let unusable: string | null = null;
    for await (const delivery of streamRows(context, cursor)) {
      if (delivery.kind === "unusable") {
        unusable = delivery.reason;
        break;
      }
      if (delivery.kind === "rows") seq = delivery.seq;
      yield delivery;
    }
    if (unusable === null) return;
    if (transport === "sse") {
      throw new UnexpectedReplyError({ code: "no_stream", message: unusable });
    }
    onFallback(unusable);
  }
  yield* pollRows(context, { ...cursor, seq });
}
