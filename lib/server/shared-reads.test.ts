import { expect, it } from "vitest";
import { SharedReads } from "./shared-reads.ts";

/** Reads that end when told to. */
function slowReads() {
  const begun: { end: (value: number) => void; fail: (error: Error) => void }[] = [];
  const load = () =>
    new Promise<number>((resolve, reject) => begun.push({ end: resolve, fail: reject }));
  return { begun, load };
}

it("begins one further read for all who ask while one is under way", async () => {
  const { begun, load } = slowReads();
  const reads = new SharedReads<number>();
  const first = reads.read("a", load);
  const later = [reads.read("a", load), reads.read("a", load), reads.read("a", load)];
  expect(begun).toHaveLength(1);
  begun[0]?.end(1);
  expect(await first).toBe(1);
  await Promise.resolve();
  expect(begun).toHaveLength(2);
  begun[1]?.end(2);
  expect(await Promise.all(later)).toEqual([2, 2, 2]);
});

it("never answers from before the question", async () => {
  let value = "old";
  const reads = new SharedReads<string>();
  const load = async () => {
    const seen = value;
    await Promise.resolve();
    return seen;
  };
  const early = reads.read("a", load);
  value = "new";
  expect(await reads.read("a", load)).toBe("new");
  expect(await early).toBe("old");
});

it("reads again after a rest, and apart for another key", async () => {
  const reads = new SharedReads<number>();
  let count = 0;
  const load = async () => ++count;
  expect(await reads.read("a", load)).toBe(1);
  expect(await reads.read("a", load)).toBe(2);
  expect(await Promise.all([reads.read("a", load), reads.read("b", load)])).toEqual([3, 4]);
});

it("passes a failure on to those who share it, and to nobody else", async () => {
  const { begun, load } = slowReads();
  const reads = new SharedReads<number>();
  const first = reads.read("a", load);
  const second = reads.read("a", load);
  begun[0]?.fail(new Error("away"));
  await expect(first).rejects.toThrow("away");
  await Promise.resolve();
  begun[1]?.end(2);
  expect(await second).toBe(2);
});
