import type { SpoolItem } from "./spool.ts";

/** One request to the dashboard. Its id stays the same however often it is sent. */
export type Batch =
  | { kind: "metrics"; id: string; points: Record<string, unknown>[] }
  | { kind: "predictions"; id: string; predictions: Record<string, unknown>[] }
  | { kind: "logs"; id: string; lines: Record<string, unknown>[] }
  | { kind: "events"; id: string; events: Record<string, unknown>[] }
  | { kind: "status"; id: string; body: Record<string, unknown> }
  | { kind: "ack"; id: string; commandId: string; body: Record<string, unknown> };

export const WINDOW_ITEMS = 1000;
const WINDOW_POINTS = 5000;
const WINDOW_PREDICTIONS = 500;

/** Whether an item is sent alone, after all earlier ones, because it changes the job's state. */
export function isBarrier(item: SpoolItem): boolean {
  return item.t === "status" || item.t === "ack";
}

/** How many of the leading items are sent together. */
export function windowLength(items: readonly SpoolItem[]): number {
  let points = 0;
  let predictions = 0;
  for (const [i, item] of items.entries()) {
    if (isBarrier(item)) return i === 0 ? 1 : i;
    if (item.t === "metrics") points += item.points.length;
    if (item.t === "predictions") predictions += item.predictions.length;
    if (i + 1 >= WINDOW_ITEMS || points >= WINDOW_POINTS || predictions >= WINDOW_PREDICTIONS) {
      return i + 1;
    }
  }
  return items.length;
}

/** Groups a window's items by route; `id` must be stable for the window. */
export function toBatches(items: readonly SpoolItem[], id: string): Batch[] {
  const batches: Batch[] = [];
  const points = items.flatMap((item) => (item.t === "metrics" ? item.points : []));
  if (points.length > 0) batches.push({ kind: "metrics", id: `${id}.m`, points });
  const predictions = items.flatMap((item) => (item.t === "predictions" ? item.predictions : []));
  if (predictions.length > 0) batches.push({ kind: "predictions", id: `${id}.p`, predictions });
  const lines = items.flatMap((item) =>
    item.t === "log" ? [{ stream: item.stream, text: item.text, ts: item.ts }] : [],
  );
  if (lines.length > 0) batches.push({ kind: "logs", id: `${id}.l`, lines });
  const events = items.flatMap((item) => {
    if (item.t !== "event") return [];
    const { t: _, ...event } = item;
    return [event];
  });
  if (events.length > 0) batches.push({ kind: "events", id: `${id}.e`, events });
  for (const item of items) {
    if (item.t === "status") batches.push({ kind: "status", id: `${id}.s`, body: item.body });
    if (item.t === "ack") {
      batches.push({ kind: "ack", id: `${id}.a`, commandId: item.command_id, body: item.body });
    }
  }
  return batches;
}
