import {
  type PredictionTrend,
  predictionsReplySchema,
  predictionTrendsReplySchema,
} from "@signalbox/protocol/data/prediction";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

interface Row {
  epoch: number;
  step: number;
  sample_index: number;
  exact_match?: number | null;
  char_error_rate?: number | null;
  length_ratio?: number | null;
  word_overlap?: number | null;
  validation_pass?: boolean | null;
}

describe("trends of predictions", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine: "pglite" }));
  }, 60_000);
  afterAll(() => api.close());

  async function store(id: string, rows: Partial<Row>[]) {
    const predictions = rows.map((row, i) => ({
      epoch: 1,
      step: 1,
      sample_index: i,
      prompt: `p${row.sample_index ?? i}`,
      prediction: "q",
      ...row,
    }));
    const reply = await api.call("POST", "/api/training/local/predictions", {
      key,
      json: { job_id: id, predictions },
    });
    expect(reply.status, reply.text).toBe(200);
  }
  const trendsOf = async (id: string) =>
    (await api.call("GET", `/api/training/predictions/${id}/trends`, { key })).as(
      predictionTrendsReplySchema,
    );

  it("divide each mean by the count of its own measure", async () => {
    const id = await act.attach();
    await store(
      id,
      Array.from({ length: 10 }, (_, i) => ({
        exact_match: 1,
        ...(i < 5 ? { char_error_rate: 0.5 } : {}),
      })),
    );
    await store(id, [
      { epoch: 2, exact_match: 1 },
      { epoch: 2, exact_match: 0 },
    ]);
    await store(id, [{ epoch: 3, char_error_rate: 0.25 }]);
    await store(id, [
      { epoch: 4, length_ratio: 2 },
      { epoch: 4, word_overlap: 0.5 },
    ]);
    await store(id, [{ epoch: 5 }]);
    const { trends } = await trendsOf(id);
    expect(trends).toMatchObject([
      { avg_exact_match: 1, avg_char_error_rate: 0.5, scored_count: 10 },
      { avg_exact_match: 0.5, avg_char_error_rate: null, scored_count: 2 },
      { avg_exact_match: null, avg_char_error_rate: 0.25, scored_count: 1 },
      { avg_length_ratio: 2, avg_word_overlap: 0.5, avg_exact_match: null, scored_count: 0 },
      { avg_exact_match: null, avg_char_error_rate: null, validation_pass_rate: null },
    ]);
    const { epochs } = await act.jobOf(id);
    expect(epochs).toMatchObject({
      count: 5,
      best_epoch: 3,
      best_char_error_rate: 0.25,
      best_exact_match: null,
    });
  });

  it("are what the rows make, in mixed batches with replaced rows", async () => {
    const id = await act.attach();
    const random = randomNumbers(7);
    const maybe = <T>(value: T) => (random() < 0.4 ? null : value);
    const stored = new Map<string, Row>();
    for (let batch = 0; batch < 12; batch += 1) {
      const rows = Array.from({ length: 20 }, (): Row => {
        const rate = random() < 0.2 ? 0 : random() * 2;
        return {
          epoch: Math.floor(random() * 4),
          step: Math.floor(random() * 2) * 10,
          sample_index: Math.floor(random() * 12),
          exact_match: maybe(random() < 0.5 ? 1 : 0.25),
          char_error_rate: maybe(rate),
          length_ratio: maybe(random() * 3),
          word_overlap: maybe(random()),
          validation_pass: maybe(random() < 0.5),
        };
      });
      await store(id, rows);
      for (const row of rows) stored.set(`${row.epoch}/${row.step}/${row.sample_index}`, row);
    }
    const { trends, overall_improvement } = await trendsOf(id);
    const epochs = [0, 1, 2, 3].map((epoch) =>
      [...stored.values()].filter((row) => row.epoch === epoch),
    );
    expect(trends).toHaveLength(4);
    trends.forEach((trend, epoch) => {
      expectFigures(trend, epochs[epoch] ?? []);
    });
    const [first, last] = [epochs.at(0), epochs.at(-1)].map(
      (rows) => mean(valuesOf(rows ?? [], "char_error_rate")) ?? Number.NaN,
    );
    expect(overall_improvement).toBeCloseTo((((first ?? 0) - (last ?? 0)) / (first ?? 1)) * 100, 9);
  });

  it("improve by the fall of the error rate from the first to the last epoch that has one", async () => {
    const improvementOf = async (...rates: (number | null)[]) => {
      const id = await act.attach();
      await store(
        id,
        rates.map((rate, epoch) => ({ epoch, exact_match: 1, char_error_rate: rate })),
      );
      return (await trendsOf(id)).overall_improvement;
    };
    expect(await improvementOf(0.5, 0.9, 0.25)).toBe(50);
    expect(await improvementOf(null, 0.5, 0.125, null)).toBe(75);
    expect(await improvementOf(0.5, 1)).toBe(-100);
    expect(await improvementOf(0.5, 0.5)).toBe(0);
    expect(await improvementOf(0.5, 0)).toBe(100);
    expect(await improvementOf(0, 0.5)).toBeNull();
    expect(await improvementOf(0.5)).toBeNull();
    expect(await improvementOf(null, 0.5, null)).toBeNull();
    expect(await improvementOf(null, null)).toBeNull();
  });

  it("let pages of all epochs be sorted, filtered and searched in the ground truth, too", async () => {
    const id = await act.attach();
    const rows = [1, 2, 3].flatMap((epoch) =>
      [0, 1, 2, 3].map((sample_index) => ({
        epoch,
        sample_index,
        prompt: `prompt ${sample_index}`,
        prediction: `answer ${epoch}`,
        ground_truth: sample_index === 3 ? `Truth of ${epoch === 2 ? "two" : "others"}` : "x",
        char_error_rate: (sample_index * 3 + epoch) / 16,
        exact_match: epoch === 3 ? 1 : 0,
      })),
    );
    await store(id, rows);
    const names = async (query: string) => {
      const reply = await api.call("GET", `/api/training/predictions/${id}?${query}`, { key });
      const page = reply.as(predictionsReplySchema);
      return {
        total: page.total_count,
        rows: page.predictions.map((row) => `${row.epoch}/${row.sample_index}`),
      };
    };
    const all = rows.map((row) => `${row.epoch}/${row.sample_index}`);
    expect(await names("")).toEqual({ total: 12, rows: all });
    expect(await names("limit=3&offset=6")).toEqual({ total: 12, rows: all.slice(6, 9) });
    expect(await names("sort=-index&limit=3&offset=6")).toEqual({
      total: 12,
      rows: all.toReversed().slice(6, 9),
    });
    expect(await names("sort=worst&limit=2")).toEqual({ total: 12, rows: ["3/3", "2/3"] });
    expect(await names("sort=best&limit=2&offset=1")).toEqual({ total: 12, rows: ["2/0", "3/0"] });
    expect(await names("filter=right&sort=-char_error_rate")).toEqual({
      total: 4,
      rows: ["3/3", "3/2", "3/1", "3/0"],
    });
    expect(await names("q=TRUTH")).toEqual({ total: 3, rows: ["1/3", "2/3", "3/3"] });
    expect(await names("q=of%20two")).toEqual({ total: 1, rows: ["2/3"] });
    expect(await names("epoch=2&q=of%20two")).toEqual({ total: 1, rows: ["2/3"] });
    expect(await names("q=answer%202&sort=-index")).toEqual({
      total: 4,
      rows: ["2/3", "2/2", "2/1", "2/0"],
    });
    expect(await names("where=char_error_rate<0.2")).toEqual({
      total: 3,
      rows: ["1/0", "2/0", "3/0"],
    });
  });
});

type Figure = "exact_match" | "char_error_rate" | "length_ratio" | "word_overlap";

function valuesOf(rows: readonly Row[], name: Figure): number[] {
  return rows.flatMap((row) => row[name] ?? []);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function expectFigures(trend: PredictionTrend, rows: readonly Row[]): void {
  const near = (found: number | null, value: number | null) =>
    value === null ? expect(found).toBeNull() : expect(found).toBeCloseTo(value, 12);
  const rates = valuesOf(rows, "char_error_rate");
  const passes = rows.flatMap((row) => row.validation_pass ?? []);
  expect(trend).toMatchObject({
    sample_count: rows.length,
    step: Math.max(...rows.map(({ step }) => step)),
    scored_count: rows.filter((row) => (row.exact_match ?? row.char_error_rate) != null).length,
    counts: {
      exact_match: valuesOf(rows, "exact_match").length,
      char_error_rate: rates.length,
      length_ratio: valuesOf(rows, "length_ratio").length,
      word_overlap: valuesOf(rows, "word_overlap").length,
      validation_pass: passes.length,
    },
    min_char_error_rate: Math.min(...rates),
    max_char_error_rate: Math.max(...rates),
  });
  near(trend.avg_exact_match, mean(valuesOf(rows, "exact_match")));
  near(trend.avg_char_error_rate, mean(rates));
  near(trend.avg_length_ratio, mean(valuesOf(rows, "length_ratio")));
  near(trend.avg_word_overlap, mean(valuesOf(rows, "word_overlap")));
  near(trend.validation_pass_rate, mean(passes.map(Number)));
}

/** Repeatable numbers from 0 to 1 (a linear congruential generator). */
function randomNumbers(seed: number) {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
