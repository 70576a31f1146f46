import { expect, it, vi } from "vitest";
import { ListenerSet } from "./listener-set.ts";

it("calls every listener with what it is notified of, until it leaves", () => {
  const set = new ListenerSet<[number]>();
  const [first, second] = [vi.fn(), vi.fn()];
  const leave = set.subscribe(first);
  set.subscribe(second);
  set.notify(1);
  leave();
  leave();
  set.notify(2);
  expect(first.mock.calls).toEqual([[1]]);
  expect(second.mock.calls).toEqual([[1], [2]]);
});

it("keeps two subscriptions of one function apart", () => {
  const set = new ListenerSet();
  const listener = vi.fn();
  const leave = set.subscribe(listener);
  set.subscribe(listener);
  set.notify();
  leave();
  set.notify();
  expect(listener).toHaveBeenCalledTimes(3);
  expect(set.size).toBe(1);
});

it("lets a listener leave, and another come, while it is called", () => {
  const set = new ListenerSet();
  const late = vi.fn();
  const leave = set.subscribe(() => {
    leave();
    set.subscribe(late);
  });
  set.notify();
  expect(late).not.toHaveBeenCalled();
  set.notify();
  expect(late).toHaveBeenCalledTimes(1);
});
