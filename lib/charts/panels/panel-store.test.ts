import { describe, expect, it } from "vitest";
import { createExtents } from "../axes/extents.ts";
import { createPanelCell, type PanelInputs } from "./panel-store.ts";

const line = (id: string) => ({ id, run: "run", history: null, startedAt: 10_000 });
const atOnce = (update: () => void) => update();
function setUp(extents = createExtents()) {
  const inputs: PanelInputs = {
    lines: [line("a")],
    extents,
    zoom: null,
    axis: "step",
    maxColumns: 100,
  };
  const two: PanelInputs = { ...inputs, lines: [line("a"), line("b")] };
  return { extents, cell: createPanelCell(atOnce), inputs, two };
}
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
    const { cell, inputs } = setUp();
    const told = counted(cell.subscribe);
    cell.set(inputs);
    const points = tail([0, 1, 2]);
    cell.follow(() => points);
    cell.follow(() => points);
    expect(told()).toBe(2);
    expect(cell.get().lines[0]?.series.x).toEqual([0, 1, 2]);
    expect(cell.get().range).toEqual({ min: 0, max: 2 });
  });

  it("shows what all panels hold, until it is zoomed", () => {
    const { extents, cell: short, inputs } = setUp();
    const { cell: long } = setUp(extents);
    extents.subscribe(short.refresh);
    short.set(inputs);
    long.set(inputs);
    short.follow(() => tail([1, 4]));
    long.follow(() => tail([0, 30]));
    expect(short.get().range).toEqual({ min: 0, max: 30 });
    extents.reach(50);
    expect(short.get().range).toEqual({ min: 0, max: 50 });
    short.set({ ...inputs, zoom: { from: 2, to: 6 } });
    extents.reach(60);
    expect(short.get().range).toEqual({ min: 2, max: 6 });
    expect(short.get().lines[0]?.series.x).toEqual([4]);
  });

  it("is not drawn again for what changes nothing of it", () => {
    const { extents, cell, inputs } = setUp();
    extents.subscribe(cell.refresh);
    cell.set(inputs);
    const points = tail([0, 9]);
    cell.follow(() => points);
    const told = counted(cell.subscribe);
    extents.reach(9);
    extents.grow("wall", 1, 2);
    expect(told()).toBe(0);
    extents.reach(10);
    expect(told()).toBe(1);
  });

  it("begins relative time at the first point where that is older than the run", () => {
    const { extents, cell, inputs } = setUp();
    extents.subscribe(cell.refresh);
    cell.set({ ...inputs, axis: "relative" });
    cell.follow(() => tail([0, 1], [4_000, 9_000]));
    expect(cell.get().lines[0]?.series.x).toEqual([0, 5]);
    expect(cell.get().range).toEqual({ min: 0, max: 5 });
  });
});

describe("several lines in a panel", () => {
  it("come with the same change, and only what has changed is made anew", () => {
    const { cell, two } = setUp();
    const told = counted(cell.subscribe);
    cell.set(two);
    const tails = { a: tail([0, 4]), b: tail([1, 2]) };
    cell.follow((id) => (id === "a" ? tails.a : tails.b));
    expect(told()).toBe(2);
    expect(cell.get().lines.map(({ id, series }) => [id, series.x])).toEqual([
      ["a", [0, 4]],
      ["b", [1, 2]],
    ]);
    expect(cell.get().range).toEqual({ min: 0, max: 4 });
    const first = cell.get().lines;
    const longer = tail([1, 2, 3]);
    cell.follow((id) => (id === "a" ? tails.a : longer));
    expect(cell.get().lines[0]).toBe(first[0]);
    expect(cell.get().lines[1]?.series.x).toEqual([1, 2, 3]);
  });

  it("begin relative time each with its run", () => {
    const { cell, inputs } = setUp();
    const runs = [
      { ...line("a"), run: "a" },
      { ...line("b"), run: "b", startedAt: 60_000 },
    ];
    cell.set({ ...inputs, axis: "relative", lines: runs });
    const late = [61_000, 62_000];
    cell.follow((id) => (id === "a" ? tail([0, 1]) : tail([0, 1], late)));
    expect(cell.get().lines.map(({ series }) => series.x)).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("stay as they are where one is hidden and shown again, on axes that no longer reach to it", () => {
    const { cell, two, extents } = setUp();
    cell.set(two);
    const tails = { a: tail([0, 4]), b: tail([1, 90]) };
    const tailOf = (id: string) => (id === "a" ? tails.a : tails.b);
    cell.follow(tailOf);
    const [first] = cell.get().lines;
    cell.set({ ...two, lines: [line("a")], extents: createExtents() });
    expect(cell.get().lines).toEqual([first]);
    expect(cell.get().lines[0]).toBe(first);
    expect(cell.get().range).toEqual({ min: 0, max: 4 });
    cell.set({ ...two, extents });
    cell.follow(tailOf);
    expect(cell.get().lines[0]).toBe(first);
    expect(cell.get().lines[1]?.series.x).toEqual([1, 90]);
  });

  it("are replaced by what combines them, and their own scales stay", () => {
    const { cell, two } = setUp();
    cell.set({ ...two, combine: (lines) => lines.slice(1) });
    cell.follow(() => tail([3]));
    expect(cell.get().lines.map(({ id }) => id)).toEqual(["b"]);
    expect(cell.scales()).toHaveLength(2);
  });
});

describe("the epoch axis of a live run", () => {
  it("puts live points between the steps whose epoch the run has told", () => {
    const { extents, cell, inputs } = setUp();
    cell.set({ ...inputs, axis: "epoch" });
    extents.noteEpoch("run", 0, 0);
    extents.noteEpoch("run", 10, 1);
    cell.follow(() => tail([0, 5, 15, 25]));
    expect(cell.get().lines[0]?.series.x).toEqual([0, 0.5, 1.5, 2.5]);
    extents.subscribe(cell.refresh);
    extents.noteEpoch("run", 20, 3);
    expect(cell.get().lines[0]?.series.x).toEqual([0, 0.5, 2, 4]);
  });

  it("counts on from the checkpoint to which a run was taken back", () => {
    const extents = createExtents();
    extents.noteEpoch("run", 10, 1);
    extents.noteEpoch("run", 20, 2);
    extents.noteEpoch("run", 12, 1.5);
    expect(extents.epochs("run")).toEqual([
      { step: 10, x: 1 },
      { step: 12, x: 1.5 },
    ]);
  });
});
