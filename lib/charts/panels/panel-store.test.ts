import { describe, expect, it } from "vitest";
import { createExtents } from "../axes/extents.ts";
import { createPanelStore, type PanelInputs } from "./panel-store.ts";

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
  return { extents, store: createPanelStore(atOnce), inputs, two };
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
  it("follows the tail, and notifies only of changes", () => {
    const { store, inputs } = setUp();
    const notified = counted(store.subscribe);
    store.set(inputs);
    const points = tail([0, 1, 2]);
    store.follow(() => points);
    store.follow(() => points);
    expect(notified()).toBe(2);
    expect(store.get().lines[0]?.series.x).toEqual([0, 1, 2]);
    expect(store.get().range).toEqual({ min: 0, max: 2 });
  });

  it("shows the extent of all panels until it is zoomed", () => {
    const { extents, store: short, inputs } = setUp();
    const { store: long } = setUp(extents);
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

  it("is not drawn again for changes that do not affect it", () => {
    const { extents, store, inputs } = setUp();
    extents.subscribe(store.refresh);
    store.set(inputs);
    const points = tail([0, 9]);
    store.follow(() => points);
    const notified = counted(store.subscribe);
    extents.reach(9);
    extents.grow("wall", 1, 2);
    expect(notified()).toBe(0);
    extents.reach(10);
    expect(notified()).toBe(1);
  });

  it("begins relative time at the first point if that is older than the run", () => {
    const { extents, store, inputs } = setUp();
    extents.subscribe(store.refresh);
    store.set({ ...inputs, axis: "relative" });
    store.follow(() => tail([0, 1], [4_000, 9_000]));
    expect(store.get().lines[0]?.series.x).toEqual([0, 5]);
    expect(store.get().range).toEqual({ min: 0, max: 5 });
  });
});

describe("several lines in a panel", () => {
  it("come with the same change, and only changed lines are made again", () => {
    const { store, two } = setUp();
    const notified = counted(store.subscribe);
    store.set(two);
    const tails = { a: tail([0, 4]), b: tail([1, 2]) };
    store.follow((id) => (id === "a" ? tails.a : tails.b));
    expect(notified()).toBe(2);
    expect(store.get().lines.map(({ id, series }) => [id, series.x])).toEqual([
      ["a", [0, 4]],
      ["b", [1, 2]],
    ]);
    expect(store.get().range).toEqual({ min: 0, max: 4 });
    const first = store.get().lines;
    const longer = tail([1, 2, 3]);
    store.follow((id) => (id === "a" ? tails.a : longer));
    expect(store.get().lines[0]).toBe(first[0]);
    expect(store.get().lines[1]?.series.x).toEqual([1, 2, 3]);
  });

  it("begin relative time each with their run", () => {
    const { store, inputs } = setUp();
    const runs = [
      { ...line("a"), run: "a" },
      { ...line("b"), run: "b", startedAt: 60_000 },
    ];
    store.set({ ...inputs, axis: "relative", lines: runs });
    const late = [61_000, 62_000];
    store.follow((id) => (id === "a" ? tail([0, 1]) : tail([0, 1], late)));
    expect(store.get().lines.map(({ series }) => series.x)).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it("stay the same objects when another one is hidden and shown again", () => {
    const { store, two, extents } = setUp();
    store.set(two);
    const tails = { a: tail([0, 4]), b: tail([1, 90]) };
    const tailOf = (id: string) => (id === "a" ? tails.a : tails.b);
    store.follow(tailOf);
    const [first] = store.get().lines;
    store.set({ ...two, lines: [line("a")], extents: createExtents() });
    expect(store.get().lines).toEqual([first]);
    expect(store.get().lines[0]).toBe(first);
    expect(store.get().range).toEqual({ min: 0, max: 4 });
    store.set({ ...two, extents });
    store.follow(tailOf);
    expect(store.get().lines[0]).toBe(first);
    expect(store.get().lines[1]?.series.x).toEqual([1, 90]);
  });

  it("can be replaced by a combination, and their own scales stay", () => {
    const { store, two } = setUp();
    store.set({ ...two, combine: (lines) => lines.slice(1) });
    store.follow(() => tail([3]));
    expect(store.get().lines.map(({ id }) => id)).toEqual(["b"]);
    expect(store.scales()).toHaveLength(2);
  });
});

describe("the epoch axis of a live run", () => {
  it("puts live points between the steps whose epoch is known", () => {
    const { extents, store, inputs } = setUp();
    store.set({ ...inputs, axis: "epoch" });
    extents.noteEpoch("run", 0, 0);
    extents.noteEpoch("run", 10, 1);
    store.follow(() => tail([0, 5, 15, 25]));
    expect(store.get().lines[0]?.series.x).toEqual([0, 0.5, 1.5, 2.5]);
    extents.subscribe(store.refresh);
    extents.noteEpoch("run", 20, 3);
    expect(store.get().lines[0]?.series.x).toEqual([0, 0.5, 2, 4]);
  });

  it("continues from the checkpoint that a run was rolled back to", () => {
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
