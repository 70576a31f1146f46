import { describe, expect, test } from "vitest";
import { chooseText, chosenText, describeCondition, scoreCondition } from "./score-conditions.ts";

const judge = { name: "judge" };

describe("conditions on scores", () => {
  test("one text of a score is chosen at a time, and other conditions stay", () => {
    const first = chooseText(["scores.reward<0.5"], judge, "bad");
    expect(first).toEqual(["scores.reward<0.5", "scores.judge:bad"]);
    expect(chosenText(first, "judge")).toBe("bad");
    const second = chooseText(first, judge, "good");
    expect(second).toEqual(["scores.reward<0.5", "scores.judge:good"]);
    expect(chooseText(second, judge, null)).toEqual(["scores.reward<0.5"]);
    expect(chosenText([], "judge")).toBeNull();
  });

  test("names and texts with signs survive", () => {
    const condition = scoreCondition("odd:name<x%!", ":", "a<b");
    expect(chosenText([condition], "odd:name<x%!")).toBe("a<b");
    expect(describeCondition(condition)).toBe("odd:name<x%! is a<b");
  });

  test("are read in words", () => {
    expect(describeCondition("scores.reward<=0.5")).toBe("reward ≤ 0.5");
    expect(describeCondition("char_error_rate>0.5")).toBe("Error rate > 0.5");
  });
});
