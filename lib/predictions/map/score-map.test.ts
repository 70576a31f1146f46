import { describe, expect, test } from "vitest";
import { decodeMap } from "./learning-map.ts";
import { decodeScoreMap, orderByScore, scoreAt, scoreCells, scoreScale } from "./score-map.ts";

function floats(...values: number[]): string {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => void buffer.writeFloatBE(value, at * 4));
  return buffer.toString("base64");
}

const base = decodeMap({
  sample_count: 3,
  epochs: [
    { epoch: 0, cells: Buffer.from([1, 1, 0]).toString("base64") },
    { epoch: 2, cells: Buffer.from([1, 1, 1]).toString("base64") },
  ],
});
const reply = { job_id: "job", last_seq: 1, sample_count: 3 };
const reward = decodeScoreMap({
  ...reply,
  score: "reward",
  kind: "number",
  min: -1,
  max: 3,
  epochs: [
    { epoch: 0, values: floats(-1, Number.NaN, Number.NaN) },
    { epoch: 2, values: floats(3, 1, Number.NaN) },
  ],
});
const judge = decodeScoreMap({
  ...reply,
  score: "judge",
  kind: "text",
  min: null,
  max: null,
  categories: ["bad", "good"],
  epochs: [
    { epoch: 0, values: floats(0, 1, 20) },
    { epoch: 2, values: floats(1, 0) },
  ],
});

describe("a score on the map", () => {
  test("is read back as it was sent, texts by name", () => {
    expect(scoreAt(reward, 0, 0)).toBe(-1);
    expect(scoreAt(reward, 2, 1)).toBe(1);
    expect(scoreAt(reward, 2, 2)).toBeNull();
    expect(scoreAt(reward, 9, 0)).toBeNull();
    expect(scoreAt(judge, 0, 1)).toBe("good");
    expect(scoreAt(judge, 0, 2)).toBe("another text");
    expect(scoreAt(judge, 2, 2)).toBeNull();
  });

  test("runs over all cells from its lowest to its highest value, and tells none from no prediction", () => {
    const { cells, epochs } = scoreCells(base, reward);
    expect(epochs).toEqual([0, 2]);
    expect(cells.map((row) => [...row])).toEqual([
      [2, 1, 0],
      [255, 129, 1],
    ]);
  });

  test("is in the middle of the scale where it is the same everywhere", () => {
    const same = { ...reward, range: [1, 1] as const };
    expect(scoreCells(base, same).cells[1]?.[1]).toBe(129);
  });

  test("has a cell for each text in the order of the legend, and one for all others", () => {
    expect(scoreScale(judge, "higher")).toEqual({
      kind: "text",
      values: [
        { text: "good", colour: 1 },
        { text: "bad", colour: 2 },
      ],
    });
    // Sample 2 has a text at epoch 0, where the base map does not know its prediction yet.
    expect(scoreCells(base, judge).cells.map((row) => [...row])).toEqual([
      [3, 2, 4],
      [2, 3, 1],
    ]);
  });

  test("orders samples by their last value, the worst first and those without a value last", () => {
    expect([...orderByScore(base, reward, "higher")]).toEqual([1, 0, 2]);
    expect([...orderByScore(base, reward, "lower")]).toEqual([0, 1, 2]);
    expect([...orderByScore(base, judge, "higher")]).toEqual([0, 1, 2]);
  });

  test("of 20,000 samples at 50 epochs is decoded and painted in well under a second", () => {
    const count = 20_000;
    const values = floats(...Array.from({ length: count }, (_, at) => at / count));
    const cells = Buffer.alloc(count, 1).toString("base64");
    const epochs = Array.from({ length: 50 }, (_, epoch) => epoch);
    const large = decodeMap({
      sample_count: count,
      epochs: epochs.map((epoch) => ({ epoch, cells })),
    });
    const startedAt = performance.now();
    const score = decodeScoreMap({
      ...reply,
      sample_count: count,
      score: "reward",
      kind: "number",
      min: 0,
      max: 1,
      epochs: epochs.map((epoch) => ({ epoch, values })),
    });
    const drawn = scoreCells(large, score);
    orderByScore(large, score, "higher");
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(drawn.cells).toHaveLength(50);
  });
});
