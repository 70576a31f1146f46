import {
  predictionMapReplySchema,
  predictionsReplySchema,
  predictionTrendsReplySchema,
  sampleHistoryReplySchema,
} from "@signalbox/protocol/data/prediction";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

describe("several answers to one prompt at one step", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  }, 60_000);
  afterAll(() => api.close());

  interface Answer {
    epoch?: number;
    step?: number;
    sample_index: number;
    prediction: string;
    prompt?: string;
    prompt_id?: string;
  }
  async function store(id: string, rows: Answer[]) {
    const predictions = rows.map((row) => ({
      epoch: 1,
      step: (row.epoch ?? 1) * 10,
      prompt: "2 + 2 =",
      ground_truth: "4",
      ...row,
    }));
    const reply = await api.call("POST", "/api/training/local/predictions", {
      key,
      json: { job_id: id, predictions },
    });
    expect(reply.status, reply.text).toBe(200);
  }
  const get = (id: string, part = "") =>
    api.call("GET", `/api/training/predictions/${id}${part}`, { key });
  const rowsOf = async (id: string, query = "?epoch=1") =>
    (await get(id, query)).as(predictionsReplySchema);
  const answers = async (id: string, query?: string) =>
    (await rowsOf(id, query)).predictions.map(({ prediction }) => prediction);

  it("are all shown, each with a place of its own", async () => {
    const id = await act.attach();
    await store(id, [
      { sample_index: 0, prediction: "3" },
      { sample_index: 1, prediction: "4" },
      { sample_index: 2, prediction: "5" },
    ]);
    expect(await answers(id)).toEqual(["3", "4", "5"]);
    expect((await rowsOf(id)).total_count).toBe(3);
    expect((await get(id, "/map")).as(predictionMapReplySchema).sample_count).toBe(3);
    const [trend] = (await get(id, "/trends")).as(predictionTrendsReplySchema).trends;
    expect(trend).toMatchObject({ sample_count: 3, avg_exact_match: 1 / 3 });
  });

  it("are all shown if each comes in a batch of its own, in any order", async () => {
    const id = await act.attach();
    for (const sample_index of [2, 0, 1]) {
      await store(id, [{ sample_index, prediction: `answer ${sample_index}` }]);
    }
    expect(await answers(id)).toEqual(["answer 0", "answer 1", "answer 2"]);
  });

  it("are followed over the epochs, and compared with their own earlier answers", async () => {
    const id = await act.attach();
    for (const epoch of [1, 2]) {
      await store(id, [
        { epoch, sample_index: 0, prediction: `first at ${epoch}` },
        { epoch, sample_index: 1, prediction: `second at ${epoch}` },
      ]);
    }
    const { predictions } = await rowsOf(id, "?epoch=2&changed_from=1");
    expect(predictions.map((row) => [row.prediction, row.previous?.prediction])).toEqual([
      ["first at 2", "first at 1"],
      ["second at 2", "second at 1"],
    ]);
    const sample = predictions[1]?.sample_id;
    const history = (await get(id, `/samples/${sample}`)).as(sampleHistoryReplySchema);
    expect(history.predictions.map(({ prediction }) => prediction)).toEqual([
      "second at 1",
      "second at 2",
    ]);
  });

  it("keep their samples when they are sent again", async () => {
    const id = await act.attach();
    const pair = (text: string) => [
      { sample_index: 0, prediction: `${text} 0` },
      { sample_index: 1, prediction: `${text} 1` },
    ];
    await store(id, pair("old"));
    const before = (await rowsOf(id)).predictions.map(({ sample_id }) => sample_id);
    await store(id, pair("new").toReversed());
    const after = await rowsOf(id);
    expect(after.predictions.map(({ prediction }) => prediction)).toEqual(["new 0", "new 1"]);
    expect(after.predictions.map(({ sample_id }) => sample_id)).toEqual(before);
  });

  it("show the prompt_id that they share as it was sent", async () => {
    const id = await act.attach();
    await store(id, [
      { sample_index: 0, prediction: "3", prompt_id: "sum" },
      { sample_index: 1, prediction: "4", prompt_id: "sum" },
    ]);
    const { predictions } = await rowsOf(id);
    expect(predictions.map(({ prompt_id }) => prompt_id)).toEqual(["sum", "sum"]);
  });

  it("are one sample where a later step of the epoch asks again, in whatever order", async () => {
    const id = await act.attach();
    await store(id, [
      { step: 10, sample_index: 0, prediction: "3" },
      { step: 10, sample_index: 1, prediction: "b", prompt: "other" },
    ]);
    await store(id, [
      { step: 20, sample_index: 0, prediction: "B", prompt: "other" },
      { step: 20, sample_index: 1, prediction: "4" },
    ]);
    expect((await answers(id)).toSorted()).toEqual(["4", "B"]);
  });
});
