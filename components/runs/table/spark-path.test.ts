import { describe, expect, test } from "vitest";
import { sparkPath } from "./spark-path.ts";

describe("sparkPath", () => {
  test("draws from the left edge to the right and marks the end", () => {
    const path = sparkPath(
      [
        [0, 2],
        [10, 1],
        [20, 0],
      ],
      43,
      13,
      1.5,
    );
    expect(path?.line).toBe("M1.5 1.5L21.5 6.5L41.5 11.5");
    expect(path?.end).toEqual({ x: 41.5, y: 11.5 });
  });

  test("keeps a single spike among thousands of points", () => {
    const points = Array.from({ length: 5000 }, (_, i) => [i, i === 2777 ? 100 : 1] as const);
    const path = sparkPath(points, 60, 20);
    expect(path?.max).toBe(100);
    expect(path?.line.split(/[ML]/).some((part) => part.endsWith(" 1.5"))).toBe(true);
  });

  test("leaves a gap at NaN and is null without points", () => {
    expect(
      sparkPath(
        [
          [0, 1],
          [1, Number.NaN],
          [2, 3],
        ],
        20,
        10,
      )?.line.match(/M/g),
    ).toHaveLength(2);
    expect(sparkPath([[0, Number.NaN]], 20, 10)).toBeNull();
    expect(sparkPath([], 20, 10)).toBeNull();
  });

  test("puts a flat line in the middle", () => {
    expect(
      sparkPath(
        [
          [0, 5],
          [1, 5],
        ],
        20,
        10,
        0,
      )?.line,
    ).toBe("M0 5L20 5");
  });
});
