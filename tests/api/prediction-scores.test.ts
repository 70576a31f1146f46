import {
  predictionMapReplySchema,
  predictionsReplySchema,
  predictionTrendsReplySchema,
  scoreMapReplySchema,
} from "@signalbox/protocol/data/prediction";
import { ingestPredictionsReplySchema } from "@signalbox/protocol/data/prediction-input";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../supabase/local/testing.ts";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

describe.each(engines)("scores of predictions, on %s", (engine) => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine }));
  }, 60_000);
  afterAll(() => api.close());

  const send = (id: string, rows: object[]) =>
    api.call("POST", "/api/training/local/predictions", {
      key,
      json: { job_id: id, predictions: rows.map(complete) },
    });
  async function store(id: string, rows: object[]) {
    const reply = await send(id, rows);
    expect(reply.status, reply.text).toBe(200);
    return reply.as(ingestPredictionsReplySchema);
  }
  const get = (id: string, part = "") =>
    api.call("GET", `/api/training/predictions/${id}${part}`, { key });
  const rowsOf = async (id: string, query = "?epoch=1") => {
    const reply = await get(id, query);
    expect(reply.status, reply.text).toBe(200);
    return reply.as(predictionsReplySchema).predictions;
  };
  const indexes = async (id: string, query: string) =>
    (await rowsOf(id, query)).map(({ sample_index }) => sample_index);
  const trendsOf = async (id: string) => (await get(id, "/trends")).as(predictionTrendsReplySchema);
  const mapOf = async (id: string, score: string) =>
    (await get(id, `/map?score=${encodeURIComponent(score)}`)).as(scoreMapReplySchema);
  const floats = (base64: string) => {
    const bytes = Buffer.from(base64, "base64");
    return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatBE(i * 4));
  };

  it("come back by their names with everything else that was sent, in rows and frames", async () => {
    const id = await act.attach();
    const known = {
      validation_pass: false,
      validation_kind: "json",
      validation_errors: [{ path: ["a"], message: "missing" }, "text", 3],
      prompt_tokens: 7,
      completion_tokens: 5,
      total_tokens: 12,
      source_index: 41,
      sample_source: "test split",
      sample_source_id: "row-41",
      max_new_tokens: 64,
      do_sample: true,
      latency_ms: 2.5,
    };
    await store(id, [
      {
        ...known,
        reward: 0.25,
        judge: "good",
        "pass@1": 1,
        constructor: 3,
        scores: { reward: 0.5, toString: "quiet" },
        long: "x".repeat(257),
        flag: true,
        nested: { a: [1] },
        metadata: { note: "mine", flag: "sent" },
        id: "of the trainer",
        job_id: "another",
        user_id: "somebody",
        nothing: null,
      },
    ]);
    const [row] = await rowsOf(id);
    const scores = { reward: 0.5, judge: "good", "pass@1": 1, constructor: 3, toString: "quiet" };
    const metadata = { note: "mine", flag: "sent", long: "x".repeat(257), nested: { a: [1] } };
    expect(row).toMatchObject({ ...known, validation_passed: false, tokens: 5, metadata });
    expect(Object.entries(row?.scores ?? {}).sort()).toEqual(Object.entries(scores).sort());
    expect(row?.metadata).toEqual(metadata);
    const { generation } = await act.jobOf(id);
    expect(row).toMatchObject({ id: `${generation}-1-1-0`, job_id: id });
    expect(row?.user_id).toMatch(/^[0-9a-f-]{36}$/);

    const { change: _, previous: __, ...plain } = row ?? {};
    const frames = await api.call("GET", `/api/learning/jobs/${id}/rows`, { key });
    const [frame] = (
      frames.body as { rows: { event: string; data: { prediction: object } }[] }
    ).rows.filter(({ event }) => event === "prediction");
    expect(frame?.data.prediction).toEqual(plain);
    expect(await rowsOf(id, "")).toEqual([plain]);
    const history = await get(id, "/samples/0");
    expect(history.body).toMatchObject({ predictions: [plain] });
  });

  it("take validation_passed and tokens for validation_pass and completion_tokens", async () => {
    const id = await act.attach();
    await store(id, [{ validation_passed: true, tokens: 3 }]);
    expect((await rowsOf(id))[0]).toMatchObject({
      validation_pass: true,
      validation_passed: true,
      completion_tokens: 3,
      tokens: 3,
    });
    for (const row of [
      { validation_passed: true, validation_pass: false },
      { tokens: 3, completion_tokens: 4 },
    ]) {
      expectRefusal(await send(id, [row]), 400);
    }
  });

  it("are refused in words where they cannot be kept", async () => {
    const id = await act.attach();
    const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`s${i}`, i]));
    for (const row of [
      { ["n".repeat(129)]: 1 },
      { "": 1 },
      { scores: { "": 1 } },
      { scores: { a: true } },
      { scores: { a: "x".repeat(257) } },
      { scores: [] },
      many,
      { validation_errors: "x".repeat(256 * 1024) },
    ]) {
      expectRefusal(await send(id, [row]), 400);
    }
    for (const row of ['"__proto__": 1', '"scores": {"__proto__": 1}']) {
      const text = `{"job_id":"${id}","predictions":[{"epoch":1,"step":1,"sample_index":0,"prompt":"p","prediction":"q",${row}}]}`;
      const reply = await api.call("POST", "/api/training/local/predictions", { key, body: text });
      expectRefusal(reply, 400);
    }
    expect(await rowsOf(id)).toEqual([]);
    await store(id, [{ ["n".repeat(128)]: 1, text: "x".repeat(256) }]);
  });

  it("have means, ranges and counts for each epoch", async () => {
    const id = await act.attach();
    const rewards = [3, -1, 0.5, "NaN", "Infinity", 1e301];
    await store(
      id,
      rewards.map((reward, i) => ({
        sample_index: i,
        reward,
        judge: i % 3 ? "good" : "__proto__",
      })),
    );
    await store(id, [{ sample_index: 9, reward: 10, judge: 4 }, { sample_index: 10 }]);
    await store(id, [{ epoch: 2, reward: "a text", other: 1 }]);
    const { trends, scores } = await trendsOf(id);
    const measured = [3, -1, 0.5, 10];
    const counts = JSON.parse('{"good": 4, "__proto__": 2}');
    expect(trends[0]?.scores).toEqual({
      reward: {
        count: 4,
        mean: measured.reduce((sum, value) => sum + value, 0) / 4,
        min: -1,
        max: 10,
      },
      judge: { count: 6, counts, other: 0 },
    });
    expect(trends[1]?.scores).toEqual({ other: { count: 1, mean: 1, min: 1, max: 1 } });
    expect(scores).toEqual([
      { name: "reward", kind: "number", min: -1, max: 10, categories: [] },
      { name: "judge", kind: "text", min: null, max: null, categories: ["__proto__", "good"] },
      { name: "other", kind: "number", min: 1, max: 1, categories: [] },
    ]);
    expect((await rowsOf(id, "?epoch=1")).map((row) => row.scores?.reward)).toEqual([
      ...rewards,
      10,
      undefined,
    ]);
  });

  it("count twenty texts one by one, and the rest together", async () => {
    const id = await act.attach();
    const texts = Array.from({ length: 25 }, (_, i) => `text ${i}`);
    await store(id, [{ judge: texts[0] }]);
    await store(
      id,
      texts.map((judge, i) => ({ sample_index: i + 1, judge })),
    );
    const { trends, scores } = await trendsOf(id);
    expect(scores?.[0]?.categories).toEqual(texts.slice(0, 20));
    expect(trends[0]?.scores?.judge).toEqual({
      count: 26,
      counts: Object.fromEntries(texts.slice(0, 20).map((text, i) => [text, i === 0 ? 2 : 1])),
      other: 5,
    });
    const map = await mapOf(id, "judge");
    expect(map.categories).toEqual(texts.slice(0, 20));
    expect(floats(map.epochs[0]?.values ?? "")).toEqual([
      0,
      ...texts.map((_, i) => Math.min(i, 20)),
    ]);
  });

  it("are corrected where a prediction is replaced", async () => {
    const id = await act.attach();
    await store(id, [
      { sample_index: 0, prompt: "a", reward: 1, judge: "good" },
      { sample_index: 1, prompt: "b", reward: 5, judge: "bad" },
    ]);
    await store(id, [
      { sample_index: 1, prompt: "b", reward: 3 },
      { sample_index: 2, prompt: "c", reward: 7, judge: "good" },
    ]);
    expect((await trendsOf(id)).trends[0]?.scores).toEqual({
      reward: { count: 3, mean: 11 / 3, min: 1, max: 7 },
      judge: { count: 2, counts: { good: 2 }, other: 0 },
    });
    expect(floats((await mapOf(id, "reward")).epochs[0]?.values ?? "")).toEqual([1, 3, 7]);
    expect(floats((await mapOf(id, "judge")).epochs[0]?.values ?? "")).toEqual([0, Number.NaN, 0]);

    // The row now answers another prompt: the cells of the first one are empty.
    await store(id, [{ sample_index: 0, prompt: "d", reward: 2 }]);
    expect(floats((await mapOf(id, "reward")).epochs[0]?.values ?? "")).toEqual([
      Number.NaN,
      3,
      7,
      2,
    ]);
    const cells = (await get(id, "/map")).as(predictionMapReplySchema).epochs[0]?.cells ?? "";
    expect([...Buffer.from(cells, "base64")]).toEqual([0, 1, 1, 1]);
  });

  it("are mapped as one float for each sample and epoch", async () => {
    const id = await act.attach();
    const rows = Array.from({ length: 1_000 }, (_, i) => ({ sample_index: i, prompt: `${i}` }));
    await store(
      id,
      rows.map((row, i) => ({ ...row, reward: i / 4 })),
    );
    await store(
      id,
      rows.slice(0, 30).map((row, i) => ({
        ...row,
        sample_index: 1_000 + i,
        prompt: `${1_000 + i}`,
        reward: i === 0 ? 1e300 : i === 1 ? 1e-300 : i === 2 ? "Infinity" : -i,
      })),
    );
    await store(id, [{ epoch: 2, step: 9, sample_index: 3, prompt: "3", reward: -2 }]);
    const map = await mapOf(id, "reward");
    expect(map).toMatchObject({ score: "reward", kind: "number", min: -29, max: 1e300 });
    expect(map.sample_count).toBe(1_030);
    const [first, second] = map.epochs.map(({ values }) => floats(values));
    expect(first).toEqual([
      ...rows.map((_, i) => i / 4),
      Math.fround(3.4e38),
      0,
      Number.NaN,
      ...Array.from({ length: 27 }, (_, i) => -3 - i),
    ]);
    expect(second).toEqual(Array.from({ length: 1_030 }, (_, i) => (i === 3 ? -2 : Number.NaN)));
    expectRefusal(await get(id, "/map?score=nothing"), 404);
    expectRefusal(await get(id, "/map?score="), 400);
  });

  it("beyond a hundred names are kept in the rows, and the answer names them", async () => {
    const id = await act.attach();
    const scores = (from: number, to: number) =>
      Object.fromEntries(Array.from({ length: to - from }, (_, i) => [`s${from + i}`, i]));
    expect((await store(id, [scores(0, 60)])).not_aggregated).toBeUndefined();
    const rows = [{ sample_index: 1, ...scores(50, 103) }];
    const reply = await api.call("POST", "/api/training/local/predictions", {
      key,
      json: { job_id: id, batch_id: "b", predictions: rows.map(complete) },
    });
    expect(reply.body).toMatchObject({ not_aggregated: ["s100", "s101", "s102"] });
    const again = await api.call("POST", "/api/training/local/predictions", {
      key,
      json: { job_id: id, batch_id: "b", predictions: rows.map(complete) },
    });
    expect(again.body).toEqual(reply.body);
    expect((await trendsOf(id)).scores).toHaveLength(100);
    expect((await rowsOf(id))[1]?.scores).toMatchObject({ s102: 52 });
    expect(await indexes(id, "?epoch=1&sort=-scores.s102")).toEqual([1, 0]);
    expectRefusal(await get(id, "/map?score=s102"), 404);
  });

  it("sort and filter pages, of an epoch and of all", async () => {
    const id = await act.attach();
    const rows = [
      { reward: 2, judge: "good", latency_ms: 30 },
      { reward: -1, judge: "Bad" },
      { reward: "NaN", judge: "good", latency_ms: 10 },
      { reward: 10, latency_ms: 20, validation_pass: true },
      { reward: "Infinity", judge: "fair", validation_pass: false },
      {},
    ].map((row, sample_index) => ({ ...row, sample_index, prompt: `p${sample_index}` }));
    await store(id, rows);
    for (const epoch of ["epoch=1&", ""]) {
      const sorted = (query: string) => indexes(id, `?${epoch}${query}`);
      expect(await sorted("sort=scores.reward")).toEqual([1, 0, 3, 4, 2, 5]);
      expect(await sorted("sort=-scores.reward")).toEqual([4, 3, 0, 2, 1, 5].sort(byReward));
      expect(await sorted("sort=scores.judge")).toEqual([1, 4, 0, 2, 3, 5]);
      expect(await sorted("sort=latency_ms")).toEqual([2, 3, 0, 1, 4, 5]);
      expect(await sorted("sort=-latency_ms&limit=2")).toEqual([0, 3]);
      expect(await sorted("sort=-latency_ms&limit=2&offset=1")).toEqual([3, 2]);
      expect(await sorted("sort=worst&by=scores.reward&limit=2")).toEqual([1, 0]);
      expect(await sorted("sort=best&by=scores.reward&limit=2")).toEqual([4, 3]);
      expect(await sorted("sort=best&by=latency_ms&limit=2")).toEqual([2, 3]);
      expect(await sorted("sort=best&by=scores.reward&better=lower&limit=1")).toEqual([1]);
      expect(await sorted("where=scores.judge:good")).toEqual([0, 2]);
      expect(await sorted("where=scores.judge:BAD")).toEqual([1]);
      expect(await sorted("where=scores.judge!:good")).toEqual([1, 3, 4, 5]);
      expect(await sorted("where=scores.reward>0.5")).toEqual([0, 3, 4]);
      expect(await sorted("where=scores.reward>0.5&where=latency_ms<=20")).toEqual([3]);
      expect(await sorted("where=validation_pass:false")).toEqual([4]);
      expect(await sorted("filter=passed&where=scores.reward>=10")).toEqual([3]);
      expect(await sorted("where=scores.judge:good&sort=-scores.reward&q=P2")).toEqual([2]);
      for (const query of [
        "where=scores.judge",
        "where=reward:1",
        "where=latency_ms:x",
        "sort=reward",
        "by=x",
        "better=x",
        "where=scores.a>b",
      ]) {
        expectRefusal(await get(id, `?${epoch}${query}`), 400);
      }
    }
    function byReward(a: number, b: number) {
      return order.indexOf(a) - order.indexOf(b);
    }
  });
  const order = [4, 3, 0, 1, 2, 5];

  it("decide what improved and regressed, higher being better unless the name says otherwise", async () => {
    const id = await act.attach();
    const at = (epoch: number, values: (number | string)[], name: string) =>
      store(
        id,
        values.map((value, sample_index) => ({
          epoch,
          sample_index,
          prompt: `p${sample_index}`,
          prediction: `${value}`,
          [name]: value,
        })),
      );
    for (const name of ["reward", "val_loss"]) {
      await at(1, [1, 1, 1, "NaN"], name);
      await at(2, [3, 1, 0.5, 1], name);
      const query = (more: string) => `?epoch=2&changed_from=1&by=scores.${name}&${more}`;
      const [up, down] = name === "reward" ? ["improved", "regressed"] : ["regressed", "improved"];
      expect(await indexes(id, query(`filter=${up}`))).toEqual([0]);
      expect(await indexes(id, query(`filter=${down}`))).toEqual([2]);
      expect(await indexes(id, query(`sort=${up}`))).toEqual([0, 1, 2, 3]);
      expect(await indexes(id, query(`sort=${down}`))).toEqual([2, 1, 0, 3]);
      const better = name === "reward" ? "lower" : "higher";
      expect(await indexes(id, query(`filter=${up}&better=${better}`))).toEqual([2]);
      const rows = await rowsOf(id, query(""));
      expect(rows.map(({ change }) => change)).toEqual([2, 0, -0.5, null]);
      expect(rows[0]?.previous).toMatchObject({ epoch: 1, scores: { [name]: 1 } });
    }
    for (const query of [
      "sort=improved",
      "epoch=2&sort=regressed",
      "filter=changed",
      "epoch=2&filter=improved",
      "changed_from=1",
    ]) {
      expectRefusal(await get(id, `?${query}`), 400);
    }
  });
});

function complete(row: { sample_index?: number }) {
  const { sample_index = 0 } = row;
  return { epoch: 1, step: 1, sample_index, prompt: `p${sample_index}`, prediction: "q", ...row };
}
