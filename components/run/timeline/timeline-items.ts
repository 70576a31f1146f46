import { type Command, commandSchema } from "@signalbox/protocol/command";
import { type JobStatus, jobStatusSchema } from "@signalbox/protocol/job";
import type { TimelineReply } from "@signalbox/protocol/read";
import { formatDay } from "../../../lib/format/time.ts";
import type { ActivityRow } from "../../../lib/stream/store/training-state.ts";

interface Common {
  /** Stable for React, and the same from history and stream. */
  key: string;
  seq: number;
  at: string;
}

/** What the timeline shows: one entry for each thing that happened. */
export type TimelineItem = Common &
  (
    | {
        kind: "status";
        from: JobStatus | null;
        to: JobStatus;
        reason: string | null;
        actor: string | null;
        attempt: number | null;
      }
    | { kind: "phase"; phase: string; actor: string | null; data: Record<string, unknown> }
    | { kind: "event"; type: string; level: string; message: string; data: Record<string, unknown> }
    | { kind: "command"; command: Command }
  );

export const timelineKinds = ["status", "phase", "event", "command"] as const;
export type TimelineKind = (typeof timelineKinds)[number];

const text = (value: unknown) => (typeof value === "string" ? value : null);
const object = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

function phaseItem(common: Common, phase: string, metadata: Record<string, unknown>): TimelineItem {
  const { kind: _, actor, ...data } = metadata;
  return { ...common, kind: "phase", phase, actor: text(actor), data };
}

/** A row of the history; null for one of a kind that is not known here. */
export function itemFromReply(row: TimelineReply["events"][number]): TimelineItem | null {
  const { seq, phase, metadata, created_at } = row;
  const common = { key: `seq-${seq}`, seq, at: created_at };
  switch (metadata.kind) {
    case "status": {
      const to = jobStatusSchema.safeParse(metadata.to);
      if (!to.success) return null;
      return {
        ...common,
        kind: "status",
        from: jobStatusSchema.safeParse(metadata.from).data ?? null,
        to: to.data,
        reason: text(metadata.reason),
        actor: text(metadata.actor),
        attempt: typeof metadata.attempt === "number" ? metadata.attempt : null,
      };
    }
    case "event":
      return {
        ...common,
        kind: "event",
        type: text(metadata.type) ?? phase,
        level: text(metadata.level) ?? "info",
        message: text(metadata.message) ?? "",
        data: object(metadata.data),
      };
    case "command": {
      const command = commandSchema.safeParse(metadata);
      return command.success ? commandItem(seq, command.data) : null;
    }
    default:
      return phaseItem(common, phase, metadata);
  }
}

/** A row of the live stream. */
export function itemFromActivity(row: ActivityRow): TimelineItem {
  if (row.kind === "command") return commandItem(row.seq, row);
  const common = { key: `seq-${row.seq}`, seq: row.seq, at: row.created_at };
  switch (row.kind) {
    case "status": {
      const { from, to, reason, actor, attempt } = row;
      return { ...common, kind: "status", from, to, reason, actor, attempt };
    }
    case "timeline":
      return phaseItem(common, row.phase, row.metadata);
    case "event": {
      const { type, level, message, data } = row;
      return { ...common, kind: "event", type, level, message, data };
    }
  }
}

function commandItem(seq: number, command: Command): TimelineItem {
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

export interface TimelineDay {
  day: string;
  items: TimelineItem[];
}

/** Cuts a list that is newest first into days of the reader's calendar. */
export function groupByDay(items: readonly TimelineItem[], now: number): TimelineDay[] {
  const days: TimelineDay[] = [];
  for (const item of items) {
    const day = formatDay(item.at, now);
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
