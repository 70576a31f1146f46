import { describe, expect, test } from "vitest";
import { chooseEpochs, labelledTicks, nearestIndex } from "./epoch-choice.ts";

describe("choosing epochs", () => {
  const epochs = [0, 1, 2, 5];

  test("follows the latest and compares with the first by default", () => {
    expect(chooseEpochs(epochs, { epoch: null, compare: "first" })).toEqual({
      epoch: 5,
      index: 3,
      compare: 0,
      compareIndex: 0,
      handleIndex: 0,
      follows: true,
    });
  });

  test("takes the nearest epoch where the requested one has no predictions", () => {
    const choice = chooseEpochs(epochs, { epoch: 4, compare: 1 });
    expect(choice).toMatchObject({ epoch: 5, compare: 1, follows: false });
    expect(nearestIndex(epochs, 3.5)).toBe(2);
  });

  test("compares with nothing where there is nothing else", () => {
    expect(chooseEpochs([3], { epoch: null, compare: "first" })?.compare).toBeNull();
    expect(chooseEpochs(epochs, { epoch: 0, compare: "previous" })?.compare).toBeNull();
    expect(chooseEpochs(epochs, { epoch: 2, compare: 2 })?.compare).toBeNull();
    expect(chooseEpochs([], { epoch: null, compare: "first" })).toBeNull();
  });

  test("the previous epoch moves along and skips missing epochs", () => {
    expect(chooseEpochs(epochs, { epoch: 5, compare: "previous" })?.compare).toBe(2);
  });
});

describe("labels of the scrubber", () => {
  test("all of them where they fit", () => {
    expect(labelledTicks(5, 400, 30)).toEqual([0, 1, 2, 3, 4]);
  });

  test("are reduced to round intervals and keep the latest", () => {
    expect(labelledTicks(51, 300, 30)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(labelledTicks(38, 300, 30)).toEqual([0, 5, 10, 15, 20, 25, 30, 37]);
    expect(labelledTicks(1, 300, 30)).toEqual([0]);
    expect(labelledTicks(0, 300, 30)).toEqual([]);
  });
});
