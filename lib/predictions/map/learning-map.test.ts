import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellAt, decodeMap, measureLearning, never, orderSamples } from "./learning-map.ts";

const base64 = (bytes: number[]) => Buffer.from(bytes).toString("base64");

/** Rows are samples: `.` none, `?` no ground truth, `R` correct, `w` wrong, `W` very wrong. */
function mapOf(...samples: string[]) {
  const codes: Record<string, number> = { ".": 0, "?": 1, R: 2, w: 60, W: 255 };
  const epochs = [...(samples[0] ?? "")].map((_, epoch) => ({
    epoch,
    cells: base64(samples.map((row) => codes[row[epoch] ?? "."] ?? 0)),
  }));
  return decodeMap({ sample_count: samples.length, epochs });
}

describe("decoding the map", () => {
  test("finds each cell again, and fills up rows that are too short", () => {
    const map = decodeMap({
      sample_count: 3,
      epochs: [
        { epoch: 0, cells: base64([1, 2, 255]) },
        { epoch: 0.5, cells: base64([2]) },
      ],
    });
    expect(map.epochs).toEqual([0, 0.5]);
    expect(cellAt(map, 0, 2)).toBe(255);
    expect(cellAt(map, 1, 0)).toBe(2);
    expect(cellAt(map, 1, 2)).toBe(0);
    expect(cellAt(map, 9, 9)).toBe(0);
  });
});

describe("learning and forgetting", () => {
  const map = mapOf(
    "wwRR", // learned at 2
    "wRwR", // learned at 1, forgotten once, right again
    "RwRw", // forgotten twice, wrong at the last
    "wwWW", // never learned
    "??..", // nothing to measure by
    "R.wR", // forgotten across an epoch without it
  );
  const learning = measureLearning(map);

  test("names the first epoch at which a sample was right", () => {
    expect([...learning.learnedAt]).toEqual([2, 1, 0, never, never, 0]);
  });

  test("counts changes from right to wrong between the epochs that scored it", () => {
    expect([...learning.forgotten]).toEqual([0, 1, 2, 0, 0, 1]);
  });

  test("computes totals", () => {
    expect(learning.totals).toEqual({
      samples: 6,
      scored: 5,
      learned: 4,
      rightAtLast: 3,
      forgotten: 3,
      lost: 1,
      never: 1,
      unforgotten: 1,
    });
    expect(learning.learnedPerEpoch).toEqual([2, 1, 1, 0]);
    expect(learning.forgottenPerEpoch).toEqual([0, 1, 2, 1]);
  });

  test("sorts by when a sample was learned, how often forgotten, how wrong at the end", () => {
    expect([...orderSamples(learning, "index")]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...orderSamples(learning, "learned")]).toEqual([2, 5, 1, 0, 3, 4]);
    expect([...orderSamples(learning, "forgotten")]).toEqual([2, 1, 5, 0, 3, 4]);
    expect([...orderSamples(learning, "error")]).toEqual([3, 2, 0, 1, 5, 4]);
  });

  test("agrees with a count that goes sample by sample", () => {
    const row = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (samples) => {
        const made = decodeMap({
          sample_count: samples.length,
          epochs: [0, 1, 2, 3].map((epoch) => ({
            epoch,
            cells: base64(samples.map((cells) => cells[epoch] ?? 0)),
          })),
        });
        const { forgotten, learnedAt, totals } = measureLearning(made);
        samples.forEach((cells, sample) => {
          const scored = cells.filter((cell) => cell >= 2);
          const events = scored.filter((cell, at) => at > 0 && cell !== 2 && scored[at - 1] === 2);
          expect(forgotten[sample]).toBe(events.length);
          const first = cells.indexOf(2);
          expect(learnedAt[sample]).toBe(first === -1 ? never : first);
        });
        expect(totals.learned + totals.never).toBe(totals.scored);
        expect(totals.rightAtLast + totals.lost).toBe(totals.learned);
        expect(totals.forgotten + totals.unforgotten).toBe(totals.learned);
      }),
    );
  });

  test("10,000 samples × 50 epochs take a moment", () => {
    const cells = Buffer.alloc(10_000, 2).toString("base64");
    const large = decodeMap({
      sample_count: 10_000,
      epochs: Array.from({ length: 50 }, (_, epoch) => ({ epoch, cells })),
    });
    const before = performance.now();
    orderSamples(measureLearning(large), "learned");
    expect(performance.now() - before).toBeLessThan(500);
  });
});
