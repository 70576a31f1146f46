import {
  type TimelineKind,
  type TimelineReply,
  timelineKindOf,
} from "@signalbox/protocol/data/read";
import { type Command, commandSchema } from "@signalbox/protocol/job/command";
import { type JobStatus, jobStatusSchema } from "@signalbox/protocol/job/job";
import { type ActivityName, activityNames } from "@signalbox/protocol/stream/stream-row";
import { isJsonObject, type JsonObject } from "@signalbox/protocol/wire/json";
import { formatDay } from "../../../lib/format/time.ts";
import type { ActivityRow } from "../../../lib/stream/store/training-state.ts";

interface Common {
  /** Stable for React, and the same from history and stream. */
  key: string;
  seq: number;
  at: string;
}

interface Contents {
  status: {
    from: JobStatus | null;
    to: JobStatus;
    reason: string | null;
    actor: string | null;
    attempt: number | null;
  };
  phase: { phase: string; actor: string | null; data: JsonObject };
  event: { type: string; level: string; message: string; data: JsonObject };
  command: { command: Command };
}

/** An entry of the timeline: a union over its kinds, or an entry of one. */
export type TimelineItem<Kind extends TimelineKind = TimelineKind> = {
  [Each in Kind]: Common & { kind: Each } & Contents[Each];
}[Kind];

export type { TimelineKind };
export const timelineKinds = Object.values(timelineKindOf);

type HistoryRow = TimelineReply["events"][number];

/** How the rows of one stream become entries. */
interface Entries<Name extends ActivityName> {
  fromStream(row: ActivityRow<Name>): TimelineItem;
  /** Null for a row of a shape that is not known here. */
  fromHistory(row: HistoryRow): TimelineItem | null;
}

const entries: { [Name in ActivityName]: Entries<Name> } = {
  status: {
    fromStream: ({ seq, created_at, from, to, reason, actor, attempt }) => {
      return { ...place(seq, created_at), kind: "status", from, to, reason, actor, attempt };
    },
    fromHistory: ({ seq, created_at, metadata }) => {
      const to = jobStatusSchema.safeParse(metadata.to);
      if (!to.success) return null;
      return {
        ...place(seq, created_at),
        kind: "status",
        from: jobStatusSchema.safeParse(metadata.from).data ?? null,
        to: to.data,
        reason: textOrNull(metadata.reason),
        actor: textOrNull(metadata.actor),
        attempt: typeof metadata.attempt === "number" ? metadata.attempt : null,
      };
    },
  },
  timeline: { fromStream: phaseItem, fromHistory: phaseItem },
  event: {
    fromStream: ({ seq, created_at, type, level, message, data }) => {
      return { ...place(seq, created_at), kind: "event", type, level, message, data };
    },
    fromHistory: ({ seq, created_at, phase, metadata }) => ({
      ...place(seq, created_at),
      kind: "event",
      type: textOrNull(metadata.type) ?? phase,
      level: textOrNull(metadata.level) ?? "info",
      message: textOrNull(metadata.message) ?? "",
      data: isJsonObject(metadata.data) ? metadata.data : {},
    }),
  },
  command: {
    fromStream: (row) => commandItem(row.seq, row),
    fromHistory: ({ seq, metadata }) => {
      const command = commandSchema.safeParse(metadata);
      return command.success ? commandItem(seq, command.data) : null;
    },
  },
};

/** A row of the live stream. */
export function itemFromActivity<Name extends ActivityName>(row: ActivityRow<Name>): TimelineItem {
  return entries[row.kind].fromStream(row);
}

/** A row of the history; null for one of a shape that is not known here. */
export function itemFromReply(row: HistoryRow): TimelineItem | null {
  const { kind } = row.metadata;
  const stream = activityNames.find((name) => timelineKindOf[name] === kind);
  return entries[stream ?? "timeline"].fromHistory(row);
}

const place = (seq: number, at: string): Common => ({ key: `seq-${seq}`, seq, at });

const textOrNull = (value: unknown) => (typeof value === "string" ? value : null);

function phaseItem({ seq, created_at, phase, metadata }: HistoryRow): TimelineItem<"phase"> {
  const { kind: _, actor, ...data } = metadata;
  return { ...place(seq, created_at), kind: "phase", phase, actor: textOrNull(actor), data };
}

function commandItem(seq: number, command: Command): TimelineItem<"command"> {
  return { key: `command-${command.id}`, seq, at: command.requested_at, kind: "command", command };
}

/**
 * History and live rows as one list, newest first: each row once, and each command once, where it
 * was requested and as it stands now.
 */
export function mergeTimeline(
  history: readonly TimelineItem[],
  live: readonly TimelineItem[],
  commands: readonly Command[],
): TimelineItem[] {
  const current = new Map(commands.map((command) => [command.id, command]));
  const items = new Map<string, TimelineItem>();
  for (const item of [...history, ...live].sort((a, b) => a.seq - b.seq)) {
    const first = items.get(item.key);
    if (item.kind !== "command") {
      items.set(item.key, item);
      continue;
    }
    const command = current.get(item.command.id) ?? item.command;
    items.set(item.key, { ...item, seq: first?.seq ?? item.seq, command });
  }
  return [...items.values()].sort((a, b) => b.seq - a.seq);
}

export interface TimelineDay<Entry> {
  day: string;
  items: Entry[];
}

/** Cuts a list that is newest first into days of the reader's calendar. */
export function groupByDay<Entry extends { at: string }>(
  items: readonly Entry[],
  now: number,
): TimelineDay<Entry>[] {
  const days: TimelineDay<Entry>[] = [];
  for (const item of items) {
    const day = formatDay(item.at, now);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
