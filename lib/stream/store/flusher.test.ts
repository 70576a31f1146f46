import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { expect, it } from "vitest";
import { ListenerSet } from "../../listener-set.ts";
import { Flusher, throttledSubscribe } from "./flusher.ts";

/** Calls `schedule` at each of these moments and returns the moments of the flushes. */
async function flushesFor(moments: number[]): Promise<number[]> {
  const clock = new ManualClock(0);
  const flushes: number[] = [];
  const flusher = new Flusher(clock, 100, () => flushes.push(clock.now()));
  for (const moment of moments) clock.setTimeout(() => flusher.schedule(), moment);
  await clock.advance(Math.max(...moments) + 1_000);
  return flushes;
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, n) => n * ms);

it("flushes the first change at once, together with what follows in the same turn", async () => {
  expect(await flushesFor([5, 5, 5])).toEqual([5]);
});

it("keeps pace with ten changes a second that are not punctual", async () => {
  const moments = every(100, 50).map((at, n) => at + ((n * 37) % 90));
  expect(await flushesFor(moments)).toEqual(moments);
});

it("keeps pace with ten changes a second though others come in between", async () => {
  const regular = every(100, 300).map((at, n) => at + ((n * 37) % 40));
  const others = every(1000, 5).map((at) => at + 560);
  const flushes = new Set(await flushesFor([...regular, ...others]));
  const late = regular.filter((at) => !flushes.has(at));
  expect(late.length).toBeLessThan(regular.length / 10);
});

it("makes about ten flushes of a second's flood", async () => {
  const flushes = await flushesFor(every(5, 200));
  expect(flushes.length).toBeGreaterThanOrEqual(10);
  expect(flushes.length).toBeLessThanOrEqual(14);
});

it("shows the last change of a flood within an interval", async () => {
  const flushes = await flushesFor(every(5, 200));
  expect(flushes.at(-1)).toBeLessThanOrEqual(995 + 100);
});

it("flushes a change that is not urgent with the next one, or alone after two intervals", async () => {
  const clock = new ManualClock(0);
  const flushes: number[] = [];
  const flusher = new Flusher(clock, 100, () => flushes.push(clock.now()));
  flusher.scheduleLazily();
  await clock.advance(40);
  flusher.schedule();
  await clock.advance(200);
  expect(flushes).toEqual([40]);
  flusher.scheduleLazily();
  await clock.advance(200);
  expect(flushes).toEqual([40, 440]);
});

it("throttles a subscription: the first change at once, the last one always, none after leaving", async () => {
  const clock = new ManualClock(0);
  const source = new ListenerSet();
  const calls: number[] = [];
  const subscribe = throttledSubscribe(source.subscribe, 1_000, clock);
  const unsubscribe = subscribe(() => calls.push(clock.now()));
  for (let change = 0; change < 50; change += 1) {
    source.notify();
    await clock.advance(100);
  }
  expect(calls[0]).toBe(0);
  expect(calls.length).toBeLessThanOrEqual(8);
  await clock.advance(1_000);
  const { length } = calls;
  expect(calls.at(-1)).toBeGreaterThanOrEqual(4_900);
  source.notify();
  unsubscribe();
  await clock.advance(5_000);
  expect(calls).toHaveLength(length);
});
