import { describe, expect, test } from "vitest";
import { testTrend } from "../testing/test-trend.ts";
import { barEdges, sharePanel, topShare } from "./text-shares.ts";

const judged = (epoch: number, counts: Record<string, number>, other = 0) =>
  testTrend(epoch, { scores: { judge: { count: 0, counts, other } } });
const judge = (categories: string[]) => ({ name: "judge", categories });

describe("the shares of texts", () => {
  test("are of the samples that have one; an epoch without any is empty", () => {
    const panel = sharePanel(judge(["bad", "good"]), [
      judged(0, { bad: 3, good: 1 }),
      testTrend(1),
      judged(2, { good: 4 }),
    ]);
    expect(panel.id).toBe("scores.judge");
    expect(panel.values.map(({ text }) => text)).toEqual(["good", "bad"]);
    expect(panel.points).toEqual([
      { epoch: 0, count: 4, shares: [0.25, 0.75] },
      { epoch: 1, count: 0, shares: [] },
      { epoch: 2, count: 4, shares: [1, 0] },
    ]);
  });

  test("texts beyond those with a colour are one part", () => {
    const texts = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const panel = sharePanel(judge(texts), [
      judged(0, { ...Object.fromEntries(texts.map((text) => [text, 1])) }, 2),
    ]);
    expect(panel.values).toHaveLength(8);
    expect(panel.values.at(-1)?.text).toBeNull();
    expect(panel.points[0]?.shares.at(-1)).toBeCloseTo(0.3);
    expect(panel.points[0]?.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });

  test("the most frequent text is found", () => {
    expect(topShare({ epoch: 0, count: 4, shares: [0.25, 0.75] })).toBe(1);
    expect(topShare({ epoch: 0, count: 0, shares: [] })).toBeNull();
  });

  test("bars meet in the middle between their epochs", () => {
    expect(barEdges([0, 1, 4])).toEqual([
      { from: 0, to: 0.125 },
      { from: 0.125, to: 0.625 },
      { from: 0.625, to: 1 },
    ]);
    expect(barEdges([7])).toEqual([{ from: 0, to: 1 }]);
  });
});
