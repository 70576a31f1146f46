import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forEach, repeat } from "./repeat.ts";

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("goes on with the others while a step fails or hangs", async () => {
  const failing = vi.fn(() => Promise.reject(new Error("broken")));
  const hanging = vi.fn(() => new Promise(() => {}));
  const sound = vi.fn(async () => {});
  repeat("Failing", 1_000, failing);
  repeat("Hanging", 1_000, hanging);
  repeat("Sound", 1_000, sound);
  await vi.advanceTimersByTimeAsync(3_000);
  expect([failing, hanging, sound].map(({ mock }) => mock.calls.length)).toEqual([3, 1, 3]);
  expect(console.warn).toHaveBeenCalledWith(
    "Failing failed and will be retried:",
    expect.objectContaining({ message: "broken" }),
  );
});

it("gives every item its turn, and then tells of the failure", async () => {
  const done: number[] = [];
  const step = async (item: number) => {
    if (item === 1) throw new Error("not this one");
    done.push(item);
  };
  await expect(forEach([1, 2, 3], step)).rejects.toThrow("not this one");
  expect(done).toEqual([2, 3]);
});
