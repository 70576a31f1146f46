import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

const far = Number.MAX_SAFE_INTEGER;

describe("extreme predictions", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine: "pglite" }));
  });
  afterAll(() => api.close());

  const answer = { epoch: 1, step: 1, sample_index: 0, prompt: "p", prediction: "q" };
  const send = (id: string, rows: object[]) =>
    api.call("POST", "/api/training/local/predictions", {
      key,
      json: { job_id: id, predictions: rows.map((row) => ({ ...answer, ...row })) },
    });
  const get = (id: string, part: string) =>
    api.call("GET", `/api/training/predictions/${id}${part}`, { key });

  async function readAll(id: string) {
    for (const part of ["", "/epochs", "/trends", "/map", "/samples?ids=0", "/samples/0"]) {
      const reply = await get(id, part);
      expect(reply.status, `${part}: ${reply.text}`).toBe(200);
    }
    await api.call("GET", `/api/training/${id}`, { key });
  }

  it("round-trip at the ends of their ranges", async () => {
    const id = await act.attach();
    const tiny = {
      exact_match: 1e-60,
      char_error_rate: 5e-324,
      length_ratio: 5e-324,
      word_overlap: 5e-324,
      latency_ms: 5e-324,
    };
    const large = {
      exact_match: 1,
      char_error_rate: 1e9,
      length_ratio: 1e9,
      word_overlap: 1,
      tokens: 2_147_483_647,
    };
    const rows = [
      { sample_index: 0, prompt: "a", ground_truth: "t", ...tiny },
      { sample_index: far, prompt: "b", ground_truth: "t", ...large },
      { sample_index: 2, prompt: "c", ground_truth: "t", ...tiny, epoch: 2, step: far },
      { sample_index: 3, prompt: "d", ground_truth: "t", ...tiny, epoch: 2, step: far },
    ];
    const reply = await send(id, rows);
    expect(reply.status, reply.text).toBe(200);
    await readAll(id);
    expect((await get(id, "?epoch=1")).body).toMatchObject({
      predictions: [{ char_error_rate: 5e-324 }, { sample_index: far, ...large }],
    });
    const epochs = { epoch: 1e300 };
    expect((await send(id, [epochs])).status).toBe(200);
    await readAll(id);
  });

  it("are rejected beyond them", async () => {
    const id = await act.attach();
    for (const row of [
      { char_error_rate: 1.7e308 },
      { length_ratio: 1.7e308 },
      { latency_ms: 1.7e308 },
      { tokens: 2 ** 31 },
      { exact_match: 2 },
      { word_overlap: -1 },
      { epoch: -1 },
      { step: 0.5 },
      { sample_index: 2 ** 53 },
      { prompt: 1 },
      { prediction: null },
      { prompt_id: "" },
      { metadata: [] },
    ]) {
      expectRefusal(await send(id, [row]), 400);
    }
    const many = Array.from({ length: 1001 }, (_, i) => ({ sample_index: i }));
    expectRefusal(await send(id, many), 413);
  });

  it("keep hostile texts, and a prediction for a prompt of 256 KiB", async () => {
    const id = await act.attach();
    const texts = ["<b>\u001b[31m\u202e", "\0 \ud800", "__proto__", "", "x".repeat(256 * 1024)];
    const rows = texts.map((text, i) => ({
      sample_index: i,
      prompt: text,
      prediction: text,
      ground_truth: text,
      prompt_id: text.slice(0, 256) || null,
      metadata: Object.fromEntries([[text.slice(0, 256), text.slice(0, 256)]]),
    }));
    const reply = await send(id, rows);
    expect(reply.status, reply.text).toBe(200);
    const stored = (text: string) => text.replaceAll("\0", "␀").toWellFormed();
    const { predictions } = (await get(id, "?epoch=1")).body as {
      predictions: { prompt: string; prediction: string; metadata: object }[];
    };
    expect(predictions.map(({ prompt }) => prompt)).toEqual(texts.map(stored));
    expect(predictions.map(({ prediction }) => prediction)).toEqual(texts.map(stored));
    expect(predictions.map(({ metadata }) => Object.entries(metadata))).toEqual(
      texts.map((text) => [[stored(text.slice(0, 256)), stored(text.slice(0, 256))]]),
    );
    await readAll(id);
  });

  it("answer unknown samples with 404", async () => {
    const id = await act.attach();
    await send(id, [{}]);
    for (const sample of ["1", "-1", "x", "1.5", "2147483648", "9007199254740992", "%00", "1e3"]) {
      expectRefusal(await get(id, `/samples/${sample}`), 404);
    }
    for (const ids of [
      "",
      "x",
      "-1",
      "1.5",
      "2147483648",
      "1,,x",
      Array(501).fill("1").join(","),
    ]) {
      const reply = await get(id, `/samples?ids=${ids}`);
      expectRefusal(reply, 400);
    }
    expectRefusal(await get(id, "/samples"), 400);
    for (const query of ["epoch=-1", "epoch=x", "changed_from=1", "sort=x", "filter=x"]) {
      expectRefusal(await get(id, `?${query}`), 400);
    }
    for (const query of ["q=%00&epoch=1", "q=%25", "epoch=1e308", "epoch=0&changed_from=1e308"]) {
      expect((await get(id, `?${query}`)).status).toBe(200);
    }
  });
});
