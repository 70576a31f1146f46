import { describe, expect, it } from "vitest";
import {
  initialReadProgress,
  nextReadProgress,
  type ReadEvent,
  readStates,
  readTransitions,
} from "./read-state.ts";

const events = Object.keys(readTransitions.waiting) as ReadEvent[];

/** Every cell, a dot where the event cannot happen or changes nothing. */
const drawn = `
            notified   started  caught_up  more  settled  failed    closed
  waiting   due        reading  .          .     .        .         closed
  due       .          reading  .          .     .        .         closed
  reading   rereading  .        waiting    due   over     retrying  closed
  rereading .          .        due        due   due      retrying  closed
  retrying  .          reading  .          .     .        .         closed
  over      due        reading  .          .     .        .         closed
  closed    .          .        .          .     .        .         .
`;

describe("the table of a job's reads", () => {
  const [header = [], ...rows] = drawn
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));

  it("has exactly the drawn states and events", () => {
    expect(rows.map(([state]) => state)).toEqual([...readStates]);
    expect(header).toEqual(events);
  });

  it.each(rows.map(([state, ...cells]) => [state, cells] as const))(
    "leads from %s where it is drawn to lead",
    (state, cells) => {
      const from = readStates.find((each) => each === state) ?? "closed";
      expect(events.map((event) => readTransitions[from][event] ?? ".")).toEqual(cells);
    },
  );

  it("leads from waiting to every state", () => {
    const reached = new Set<string>([initialReadProgress.state]);
    for (const _ of readStates) {
      for (const from of readStates.filter((each) => reached.has(each))) {
        for (const event of events) reached.add(readTransitions[from][event] ?? from);
      }
    }
    expect([...reached].sort()).toEqual([...readStates].sort());
  });

  it("never ends a stream by a read that a notification has overtaken", () => {
    const leadingToOver = readStates.filter((from) =>
      events.some((event) => readTransitions[from][event] === "over"),
    );
    expect(leadingToOver).toEqual(["reading"]);
  });

  it("keeps the object when nothing changes", () => {
    const closed = nextReadProgress(initialReadProgress, "closed", 0);
    for (const event of events) expect(nextReadProgress(closed, event, 1)).toBe(closed);
  });

  it("counts failures across retries until a read succeeds, and waits longer each time", () => {
    let progress = initialReadProgress;
    const waits = [];
    for (let n = 0; n < 5; n += 1) {
      progress = nextReadProgress(progress, "started", 1_000);
      progress = nextReadProgress(progress, "failed", 1_000);
      waits.push(progress.retryAt - 1_000);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 2_000]);
    expect(progress).toMatchObject({ state: "retrying", failures: 5 });
    progress = nextReadProgress(progress, "started", 4_000);
    expect(progress.failures).toBe(5);
    progress = nextReadProgress(progress, "caught_up", 4_000);
    expect(progress).toEqual(initialReadProgress);
  });
});
