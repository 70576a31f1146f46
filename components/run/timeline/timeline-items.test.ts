import type { Command } from "@signalbox/protocol/job/command";
import { describe, expect, it } from "vitest";
import {
  groupByDay,
  itemFromActivity,
  itemFromReply,
  mergeTimeline,
  type TimelineItem,
} from "./timeline-items.ts";

const at = "2025-11-20T14:02:11.000Z";

const command = (fields: Partial<Command> = {}): Command => ({
  id: "c1",
  type: "pause",
  args: {},
  status: "pending",
  requested_by: "owner",
  requested_at: at,
  delivered_at: null,
  applied_at: null,
  applied_step: null,
  old: null,
  new: null,
  reason: null,
  result: null,
  ...fields,
});

const reply = (seq: number, phase: string, metadata: Record<string, unknown>) =>
  itemFromReply({ seq, phase, metadata, created_at: at });

const present = (item: TimelineItem | null) => (item ? [item] : []);

describe("rows of the timeline", () => {
  it("read the same from the history and from the stream", () => {
    const status = {
      from: "running" as const,
      to: "pausing" as const,
      reason: null,
      actor: "owner",
      attempt: 1,
    };
    expect(reply(3, "pausing", { kind: "status", ...status })).toEqual(
      itemFromActivity({ kind: "status", seq: 3, created_at: at, ...status }),
    );
    const event = { type: "oom", level: "error", message: "no memory", data: { gpu: 0 } };
    expect(reply(4, "oom", { kind: "event", ...event })).toEqual(
      itemFromActivity({ kind: "event", seq: 4, created_at: at, ...event }),
    );
    expect(reply(5, "evaluating", { kind: "phase", epoch: 2 })).toEqual(
      itemFromActivity({
        kind: "timeline",
        seq: 5,
        phase: "evaluating",
        metadata: { epoch: 2 },
        created_at: at,
      }),
    );
  });

  it("leave out what cannot be understood", () => {
    expect(reply(1, "?", { kind: "status", to: "dancing" })).toBeNull();
    expect(reply(1, "?", { kind: "command" })).toBeNull();
  });
});

describe("the whole timeline", () => {
  it("holds each row once, newest first, however history and stream overlap", () => {
    const rows = [1, 2, 3].flatMap((seq) => present(reply(seq, `p${seq}`, { kind: "phase" })));
    const merged = mergeTimeline(rows.slice(0, 2), rows.slice(1), []);
    expect(merged.map((item) => item.seq)).toEqual([3, 2, 1]);
  });

  it("shows a command once, where it was requested, with its latest status", () => {
    const asked = present(reply(1, "pause", { kind: "command", ...command() }));
    const later = present(reply(2, "x", { kind: "phase" }));
    const applied = command({ status: "applied", applied_step: 9 });
    const live = [itemFromActivity({ kind: "command", seq: 4, ...applied })];
    const merged = mergeTimeline([...asked, ...later], live, [applied]);
    expect(merged.map((item) => [item.kind, item.seq])).toEqual([
      ["phase", 2],
      ["command", 1],
    ]);
    const last = merged[1];
    expect(last?.kind === "command" && last.command.status).toBe("applied");
  });

  it("is grouped by day in the reader's time zone", () => {
    const now = new Date(2025, 10, 20, 12).getTime();
    const item = (key: string, ago: number): TimelineItem => ({
      key,
      seq: 1,
      at: new Date(now - ago).toISOString(),
      kind: "phase",
      phase: "x",
      actor: null,
      data: {},
    });
    const days = groupByDay([item("a", 0), item("b", 1000), item("c", 86_400_000)], now);
    expect(days.map(({ day, items }) => [day, items.length])).toEqual([
      ["Today", 2],
      ["Yesterday", 1],
    ]);
  });
});
