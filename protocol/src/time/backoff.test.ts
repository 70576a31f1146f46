import { describe, expect, it } from "vitest";
import { backoffMs, retryAfterMs } from "./backoff.ts";

describe("the backoff", () => {
  it("is a random part of a ceiling that doubles up to ten seconds", () => {
    expect([0, 1, 2, 9, 1000].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
      250, 500, 1000, 10_000, 10_000,
    ]);
    expect(backoffMs(3, () => 0)).toBe(0);
  });

  it("is never shorter than the server asks", () => {
    expect(backoffMs(0, () => 1, 4_000)).toBe(4_000);
  });

  it.each([
    [null, 0],
    ["3", 3_000],
    ["nonsense", 0],
    ["Thu, 01 Jan 1970 00:00:12 GMT", 2_000],
    ["Thu, 01 Jan 1970 00:00:01 GMT", 0],
    ["99999999", 300_000],
  ])("reads Retry-After %s as %d ms", (header, expected) => {
    expect(retryAfterMs(header, 10_000)).toBe(expected);
  });
});
