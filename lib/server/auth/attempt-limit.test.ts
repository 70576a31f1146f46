import { expect, it } from "vitest";
import { AttemptLimit } from "./attempt-limit.ts";

function limitWithClock(options: { attempts: number; perMs: number; maxNames?: number }) {
  let time = 1000;
  const limit = new AttemptLimit({ ...options, now: () => time });
  return {
    limit,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

it("gives each name its attempts, and the time until the next", () => {
  const { limit, pass } = limitWithClock({ attempts: 3, perMs: 300 });
  expect([1, 2, 3].map(() => limit.take("a"))).toEqual([0, 0, 0]);
  expect(limit.take("a")).toBeCloseTo(100);
  expect(limit.take("b")).toBe(0);
  pass(60);
  expect(limit.take("a")).toBeCloseTo(40);
  pass(40);
  expect(limit.take("a")).toBe(0);
  expect(limit.take("a")).toBeCloseTo(100);
});

it("does not count refused attempts, and gives no more than its number after a pause", () => {
  const { limit, pass } = limitWithClock({ attempts: 2, perMs: 200 });
  for (let i = 0; i < 50; i++) limit.take("a");
  pass(10_000);
  expect([limit.take("a"), limit.take("a")]).toEqual([0, 0]);
  expect(limit.take("a")).toBeCloseTo(100);
});

it("forgets the oldest of too many names", () => {
  const { limit } = limitWithClock({ attempts: 1, perMs: 1000, maxNames: 3 });
  for (const name of ["a", "b", "c", "d"]) limit.take(name);
  expect(limit.take("d")).toBeGreaterThan(0);
  expect(limit.take("a")).toBe(0);
});

it.each(["__proto__", "constructor", "toString"])("counts the name %s like any other", (name) => {
  const { limit } = limitWithClock({ attempts: 1, perMs: 1000 });
  expect(limit.take(name)).toBe(0);
  expect(limit.take(name)).toBeGreaterThan(0);
});

it("says how many attempts count now", () => {
  const { limit, pass } = limitWithClock({ attempts: 4, perMs: 400 });
  expect(limit.used("a")).toBe(0);
  for (let i = 0; i < 6; i++) limit.take("a");
  expect(limit.used("a")).toBe(4);
  pass(150);
  expect(limit.used("a")).toBe(3);
  pass(1000);
  expect(limit.used("a")).toBe(0);
});
