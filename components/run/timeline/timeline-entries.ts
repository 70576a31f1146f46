import { isProgressEvent } from "@signalbox/protocol/job/training-event";
import { type TimelineItem, type TimelineKind, timelineKinds } from "./timeline-items.ts";

/** Consecutive progress events of a training, shown as one entry. */
interface ProgressEntry {
  key: string;
  kind: "progress";
  /** Time of the newest of them. */
  at: string;
  /** How many there are of each type, in the order of their first ones. */
  counts: [type: string, count: number][];
  latest: TimelineItem<"event">;
}

export type TimelineEntry = TimelineItem | ProgressEntry;

export type EntryKind = TimelineKind | "progress";
export const entryKinds: readonly EntryKind[] = [...timelineKinds, "progress"];

/**
 * The entries of a list of items that is newest first, without the hidden kinds. A training reports its
 * progress every few steps: what lies between two other entries becomes one.
 */
export function entriesOf(
  items: readonly TimelineItem[],
  hidden: readonly EntryKind[],
): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  let run: TimelineItem<"event">[] = [];
  const close = () => {
    const entry = progressEntry(run);
    if (entry) entries.push(entry);
    run = [];
  };
  for (const item of items) {
    if (isProgress(item)) {
      if (!hidden.includes("progress")) run.push(item);
    } else if (!hidden.includes(item.kind)) {
      close();
      entries.push(item);
    }
  }
  close();
  return entries;
}

/** A warning about progress stays an event of its own. */
function isProgress(item: TimelineItem): item is TimelineItem<"event"> {
  return (
    item.kind === "event" &&
    (item.level === "info" || item.level === "debug") &&
    isProgressEvent(item.type)
  );
}

function progressEntry(run: readonly TimelineItem<"event">[]): ProgressEntry | null {
  const [newest] = run;
  const oldest = run.at(-1);
  if (!newest || !oldest) return null;
  const counts = new Map<string, number>();
  for (const { type } of [...run].reverse()) counts.set(type, (counts.get(type) ?? 0) + 1);
  // Beside a loss, the progress of the same step says more.
  const latest = run.find(({ type }) => !/(^|\.)loss$/.test(type)) ?? newest;
  // By its oldest event, so that an entry that grows stays the same.
  return {
    key: `progress-${oldest.seq}`,
    kind: "progress",
    at: newest.at,
    counts: [...counts],
    latest,
  };
}
