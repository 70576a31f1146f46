import { describe, expect, it } from "vitest";
import { createExtents } from "./extents.ts";
import { createPace } from "./pace.ts";
import { createSeriesCell, type SeriesInputs } from "./series-cell.ts";

const inputs: SeriesInputs = {
  history: null,
  zoom: null,
  axis: "step",
  maxColumns: 100,
  startedAt: 10_000,
};
const atOnce = (update: () => void) => update();
const tail = (steps: number[], times = steps.map((step) => 10_000 + step * 1000)) => ({
  steps,
  values: steps,
  times,
});

function counted(listenTo: (listener: () => void) => unknown) {
  let count = 0;
  listenTo(() => {
    count += 1;
  });
  return () => count;
}

describe("a panel's picture", () => {
  it("follows the tail, and tells of nothing that has not changed", () => {
    const cell = createSeriesCell(createExtents(), atOnce);
    const told = counted(cell.subscribe);
    cell.set(inputs);
    const points = tail([0, 1, 2]);
    cell.follow(points);
    cell.follow(points);
    expect(told()).toBe(2);
    expect(cell.get().prepared.x).toEqual([0, 1, 2]);
    expect(cell.get().range).toEqual({ min: 0, max: 2 });
  });

  it("shows what all panels hold, until it is zoomed", () => {
    const extents = createExtents();
    const short = createSeriesCell(extents, atOnce);
    const long = createSeriesCell(extents, atOnce);
    extents.subscribe(short.refresh);
    short.set(inputs);
    long.set(inputs);
    short.follow(tail([1, 4]));
    long.follow(tail([0, 30]));
    expect(short.get().range).toEqual({ min: 0, max: 30 });
    extents.reach(50);
    expect(short.get().range).toEqual({ min: 0, max: 50 });
    short.set({ ...inputs, zoom: { from: 2, to: 6 } });
    extents.reach(60);
    expect(short.get().range).toEqual({ min: 2, max: 6 });
    expect(short.get().prepared.x).toEqual([4]);
  });

  it("begins relative time at the first point where that is older than the run", () => {
    const extents = createExtents();
    const cell = createSeriesCell(extents, atOnce);
    extents.subscribe(cell.refresh);
    cell.set({ ...inputs, axis: "relative" });
    cell.follow(tail([0, 1], [4_000, 9_000]));
    expect(cell.get().prepared.x).toEqual([0, 5]);
    expect(cell.get().range).toEqual({ min: 0, max: 5 });
  });
});

describe("the panels' pace", () => {
  function paced(perSecond: number) {
    let time = 0;
    let timer: { run: () => void; at: number } | null = null;
    const pace = createPace({
      perSecond,
      now: () => time,
      schedule: (run, ms) => {
        timer = { run, at: time + ms };
      },
    });
    const wait = (ms: number) => {
      const end = time + ms;
      while (timer && timer.at <= end) {
        const { run, at } = timer;
        timer = null;
        time = at;
        run();
      }
      time = end;
    };
    return { pace, wait };
  }

  it("lets a few panels through at once, every time", () => {
    const { pace, wait } = paced(120);
    const runs = counted((run) => {
      for (let round = 0; round < 50; round += 1) {
        for (let panel = 0; panel < 5; panel += 1) pace(() => run());
        wait(100);
      }
    });
    expect(runs()).toBe(250);
  });

  it("lets many take turns: none is left out, none comes twice before the others", () => {
    const { pace, wait } = paced(100);
    const seen = new Map<number, number>();
    const updates = Array.from({ length: 50 }, (_, panel) => () => {
      seen.set(panel, (seen.get(panel) ?? 0) + 1);
    });
    for (let round = 0; round < 100; round += 1) {
      for (const update of updates) pace(update);
      wait(100);
    }
    const counts = [...seen.values()];
    expect(counts).toHaveLength(50);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1025);
    wait(1000);
    expect(Math.max(...seen.values()) - Math.min(...seen.values())).toBeLessThanOrEqual(1);
  });
});
