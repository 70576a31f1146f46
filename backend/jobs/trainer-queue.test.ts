import { expect, it } from "vitest";
import { nextToStart, type Owners, queueOrder } from "./trainer-queue.ts";

const job = (name: string, order: number) => ({ name, owner: name[0] ?? null, order });
const names = (jobs: { name: string }[]) => jobs.map(({ name }) => name);
const owners = (
  running: [string, number][] = [],
  lastStarted: [string, number][] = [],
): Owners => ({
  running: new Map(running),
  lastStarted: new Map(lastStarted),
});
const limits = { maximum: 3, maximumPerUser: 2 };
const waiting = [job("a1", 1), job("a2", 2), job("a3", 3), job("b1", 4), job("b2", 5)];

it("lets owners take turns, and keeps the order of each owner's jobs", () => {
  expect(names(queueOrder(waiting, owners()))).toEqual(["a1", "b1", "a2", "b2", "a3"]);
});

it("prefers the owner who runs the fewest trainers, then the one who has waited longest", () => {
  expect(names(queueOrder(waiting, owners([["a", 1]])))).toEqual(["b1", "a1", "b2", "a2", "a3"]);
  const turns = owners([], [["a", 7]]);
  expect(names(queueOrder(waiting, turns))).toEqual(["b1", "a1", "a2", "b2", "a3"]);
});

it("starts none beyond the maximum of all, or of an owner", () => {
  expect(nextToStart(waiting, owners(), limits)?.name).toBe("a1");
  expect(nextToStart(waiting, owners([["a", 2]]), limits)?.name).toBe("b1");
  expect(nextToStart([job("a1", 1)], owners([["a", 2]]), limits)).toBeNull();
  expect(nextToStart(waiting, owners([["c", 3]]), limits)).toBeNull();
});

it("serves two owners alike through one place, whoever queued more", () => {
  const one = { maximum: 1, maximumPerUser: 1 };
  const left = [...waiting];
  const lastStarted = new Map<string | null, number>();
  const started: string[] = [];
  while (left.length > 0) {
    const next = nextToStart(left, { running: new Map(), lastStarted }, one);
    if (!next) throw new Error("nothing starts");
    left.splice(left.indexOf(next), 1);
    started.push(next.name);
    lastStarted.set(next.owner, started.length);
  }
  expect(started).toEqual(["a1", "b1", "a2", "b2", "a3"]);
});
