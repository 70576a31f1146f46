import { describe, expect, test } from "vitest";
import { holdOrder } from "./hold-order.ts";

describe("holdOrder", () => {
  const all = () => true;

  test("keeps rows in place and lets new ones wait", () => {
    expect(holdOrder(["b", "a"], ["c", "b", "a"], all)).toEqual({ order: ["b", "a"], waiting: 1 });
    expect(holdOrder(["b", "a"], ["a", "b"], all)).toEqual({ order: ["b", "a"], waiting: 0 });
  });

  test("adds the next page below, and drops what was deleted", () => {
    expect(holdOrder(["c", "b"], ["d", "c", "b", "a"], all)).toEqual({
      order: ["c", "b", "a"],
      waiting: 1,
    });
    expect(holdOrder(["c", "b"], ["c"], (id) => id !== "b").order).toEqual(["c"]);
  });

  test("keeps a row that no longer matches until the pointer leaves", () => {
    expect(holdOrder(["c", "b"], ["c"], all).order).toEqual(["c", "b"]);
  });
});
