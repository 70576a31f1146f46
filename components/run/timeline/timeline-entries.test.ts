import { describe, expect, it } from "vitest";
import { entriesOf } from "./timeline-entries.ts";
import { itemFromReply, type TimelineItem } from "./timeline-items.ts";

const at = (seq: number) => new Date(Date.UTC(2026, 10, 20, 14, 0, seq)).toISOString();
const item = (seq: number, phase: string, metadata: Record<string, unknown>): TimelineItem[] => {
  const found = itemFromReply({ seq, phase, metadata, created_at: at(seq) });
  return found ? [found] : [];
};
const event = (seq: number, type: string, message = "", level = "info") =>
  item(seq, type, { kind: "event", type, level, message, data: {} });
const phase = (seq: number, name: string) => item(seq, name, { kind: "phase" });

/** Progress and loss of a number of steps, newest first. */
const steps = (count: number, from = 1) =>
  Array.from({ length: count }, (_, i) => from + 2 * (count - 1 - i)).flatMap((seq) => [
    ...event(seq + 1, "sft.loss", `Step ${seq}: loss 0.5`),
    ...event(seq, "sft.progress", `Step ${seq} of 2,000`),
  ]);

describe("the timeline's entries", () => {
  it("show a training's progress between two other entries as one, with the latest step", () => {
    const items = [...phase(200, "saving"), ...steps(42), ...event(0, "sft.training.started")];
    const [saving, progress, started, ...more] = entriesOf(items, []);
    expect([saving?.kind, started?.kind, more]).toEqual(["phase", "event", []]);
    expect(progress).toMatchObject({
      kind: "progress",
      at: at(84),
      counts: [
        ["sft.progress", 42],
        ["sft.loss", 42],
      ],
      latest: { type: "sft.progress", message: "Step 83 of 2,000" },
    });
  });

  it("keep the key of a progress entry while it grows", () => {
    const [before] = entriesOf(steps(3), []);
    const [after] = entriesOf(steps(4), []);
    expect(after).toMatchObject({
      key: before?.key,
      counts: [["sft.progress", 4], expect.anything()],
    });
  });

  it("fold rl.train.step and the events of other trainers alike, but no warning", () => {
    const items = [
      ...event(4, "my.progress"),
      ...event(3, "my.progress", "stuck", "warning"),
      ...event(2, "rl.train.step"),
      ...event(1, "rl.train.step"),
    ];
    expect(entriesOf(items, []).map(({ kind }) => kind)).toEqual(["progress", "event", "progress"]);
  });

  it("leave out hidden kinds; progress that they separated becomes one entry", () => {
    const items = [...steps(2, 10), ...phase(9, "evaluating"), ...steps(2, 1)];
    expect(entriesOf(items, ["progress"]).map(({ kind }) => kind)).toEqual(["phase"]);
    expect(entriesOf(items, ["phase"])).toMatchObject([
      {
        kind: "progress",
        counts: [
          ["sft.progress", 4],
          ["sft.loss", 4],
        ],
      },
    ]);
    expect(entriesOf([...items, ...event(0, "oom")], ["event"]).map(({ kind }) => kind)).toEqual([
      "progress",
      "phase",
      "progress",
    ]);
  });
});
