import { predictionOf } from "@signalbox/protocol/data/testing/prediction-of";
import { describe, expect, test } from "vitest";
import { answerFigures, answerOrigin } from "./answer-figures.ts";
import { validationErrorLines } from "./validation-errors.ts";

const answer = predictionOf({ id: "g-1-10-0", step: 10 });

describe("the figures of an answer", () => {
  test("name what there is and nothing else", () => {
    expect(answerFigures(answer)).toEqual([]);
    expect(
      answerFigures({
        ...answer,
        scores: { reward: 0.123456, judge: "bad", odd: "NaN" },
        validation_passed: false,
        validation_kind: "json_schema",
        prompt_tokens: 120,
        tokens: 8,
        total_tokens: 128,
        latency_ms: 4.25,
      }),
    ).toEqual([
      ["judge", "bad"],
      ["odd", "NaN"],
      ["reward", "0.1235"],
      ["validation", "failed (json_schema)"],
      ["tokens", "120 prompt · 8 completion · 128 total"],
      ["latency", "4.3 ms"],
    ]);
    expect(answerFigures({ ...answer, tokens: 1200 })).toEqual([["tokens", "1,200"]]);
  });

  test("say where a sample came from", () => {
    expect(answerOrigin(answer)).toEqual([]);
    expect(answerOrigin({ ...answer, sample_source: "validation", do_sample: false })).toEqual([
      ["source", "validation"],
      ["sampling", "off"],
    ]);
  });
});

describe("validation errors", () => {
  test("are lines, whichever validator wrote them", () => {
    expect(validationErrorLines(null)).toEqual([]);
    expect(validationErrorLines("not JSON")).toEqual(["not JSON"]);
    expect(validationErrorLines(["a", "b"])).toEqual(["a", "b"]);
    expect(validationErrorLines([{ loc: ["user", 0, "age"], msg: "not a number" }])).toEqual([
      "user.0.age: not a number",
    ]);
    expect(validationErrorLines([{ path: ["age"], message: "too small" }])).toEqual([
      "age: too small",
    ]);
    expect(validationErrorLines([{ instancePath: "/age", message: "must be integer" }])).toEqual([
      "/age: must be integer",
    ]);
    expect(validationErrorLines({ age: ["too small", "odd"], name: "empty" })).toEqual([
      "age: too small",
      "age: odd",
      "name: empty",
    ]);
    expect(validationErrorLines({ message: "no answer" })).toEqual(["no answer"]);
    expect(validationErrorLines([{ code: 7 }, 3])).toEqual(['{"code":7}', "3"]);
  });
});
