import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

const MiB = 1024 * 1024;
const text = (bytes: number, fill = "x") => fill.repeat(bytes);

interface Frame {
  event: string;
  id: string | null;
  data: Record<string, unknown>;
  bytes: number;
}

let api: TestApi;
let key: string;
let act: JobDriver;

beforeAll(async () => {
  ({ api, key, act } = await startWithOwner({ engine: "pglite" }));
});
afterAll(() => api.close());

/** Every frame of an ended run from its first row on. */
async function framesOf(id: string, query = ""): Promise<Frame[]> {
  await act.report(id, { status: "succeeded" });
  const { body } = await api.call("GET", `/api/training/${id}`, { key });
  const { generation } = body as { generation: string };
  const path = `/api/training/jobs/${id}/stream?after=${generation}-0${query}`;
  const answer = await (await api.send("GET", path, { key })).text();
  return answer
    .split("\n\n")
    .filter((block) => block.includes("data: "))
    .map((block) => ({
      event: /^event: (.*)$/m.exec(block)?.[1] ?? "",
      id: /^id: (.*)$/m.exec(block)?.[1] ?? null,
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? "{}"),
      bytes: Buffer.byteLength(block) + 2,
    }));
}

const ofEvent = (frames: Frame[], event: string) => frames.filter((frame) => frame.event === event);
const bytesOf = (frames: Frame[]) => frames.reduce((sum, { bytes }) => sum + bytes, 0);

async function predict(id: string, predictions: Record<string, unknown>[]) {
  const rows = predictions.map((row, index) => ({
    epoch: 1,
    step: 1,
    sample_index: index,
    prompt: "p",
    prediction: `said ${index}`,
    ...row,
  }));
  const reply = await act.post("/api/training/local/predictions", {
    job_id: id,
    predictions: rows,
  });
  expect(reply.status, reply.text).toBe(200);
}

describe("a frame of the stream", () => {
  it("stays small where 400 predictions of one prompt_id share a prompt of 0.2 MB", async () => {
    const id = await act.attach();
    const rows = Array.from({ length: 400 }, (_, epoch) => ({
      epoch,
      prompt_id: "same",
      prompt: "",
    }));
    await predict(id, [...rows.slice(1), { epoch: 0, prompt_id: "same", prompt: text(200_000) }]);
    const frames = await framesOf(id);
    const predictions = ofEvent(frames, "prediction");
    expect(predictions).toHaveLength(400);
    expect(bytesOf(frames)).toBeLessThan(4 * MiB);
    const shown = predictions.map(({ data }) => data.prediction as Record<string, unknown>);
    expect(shown.every(({ truncated }) => truncated === true)).toBe(true);
    expect(new Set(shown.map(({ prediction }) => prediction)).size).toBe(400);
  });

  it("comes with a cursor of its own for each 256 KiB of a batch of predictions", async () => {
    const id = await act.attach();
    await predict(
      id,
      Array.from({ length: 300 }, () => ({ prompt: text(9_000) })),
    );
    const predictions = ofEvent(await framesOf(id), "prediction");
    expect(predictions).toHaveLength(300);
    const cursors = predictions.flatMap(({ id: cursor }) => cursor ?? []);
    expect(cursors.length).toBeGreaterThanOrEqual(10);
    expect(new Set(cursors).size).toBe(cursors.length);
    expect(predictions.at(-1)?.id).not.toBeNull();
    expect(predictions.every(({ data }) => !("truncated" in (data.prediction as object)))).toBe(
      true,
    );
  });

  it("has as much of a prediction as fits, if its fields are larger together", async () => {
    const id = await act.attach();
    const half = text(256 * 1024, "\u0001");
    await predict(id, [{ prompt: half, prediction: half, ground_truth: half }, {}]);
    const predictions = ofEvent(await framesOf(id), "prediction");
    expect(predictions.map(({ bytes }) => bytes < MiB)).toEqual([true, true]);
    expect(predictions[0]?.data.prediction).toMatchObject({ truncated: true });
    expect(predictions[1]?.data.prediction).not.toHaveProperty("truncated");
  });

  it("has some of the lines of a batch, each line in one frame", async () => {
    const id = await act.attach();
    const lines = Array.from({ length: 60 }, (_, n) => ({ text: `${n} ${text(100_000)}` }));
    await act.post(act.local(id, "logs"), {
      lines: [...lines, { text: text(256 * 1024, "\u0001") }],
    });
    const logs = ofEvent(await framesOf(id), "logs");
    expect(logs.length).toBeGreaterThanOrEqual(20);
    expect(logs.every(({ bytes }) => bytes < MiB)).toBe(true);
    const shown = logs.flatMap(({ data }) => data.lines as { line: number; truncated?: true }[]);
    expect(shown.map(({ line }) => line)).toEqual(Array.from({ length: 61 }, (_, n) => n + 1));
    expect(shown.flatMap(({ line, truncated }) => (truncated ? line : []))).toEqual([61]);
  });

  it("has some of the points of a batch with long names, and loses none", async () => {
    const id = await act.attach();
    const points = Array.from({ length: 8_000 }, (_, n) => ({
      name: `${n}/`.padEnd(256, "ü"),
      step: n,
      value: n,
    }));
    await act.post("/api/training/local/metrics", { job_id: id, points });
    for (const query of ["", "&full=1"]) {
      const metrics = ofEvent(await framesOf(id, query), "metrics");
      expect(metrics.every(({ bytes }) => bytes < MiB)).toBe(true);
      const names = metrics.flatMap(({ data }) => Object.keys(data));
      expect(new Set(names).size).toBe(8_000);
      expect(names).toHaveLength(8_000);
      expect(metrics.flatMap(({ id: cursor }) => cursor ?? [])).toHaveLength(1);
    }
  }, 60_000);

  it("has a shortened event if it is larger", async () => {
    const id = await act.attach();
    const events = [{ type: "a", message: text(256 * 1024, "\u0001"), data: { kept: 1 } }];
    await act.post(act.local(id, "events"), { events });
    const [event] = ofEvent(await framesOf(id), "event");
    expect(event?.bytes).toBeLessThan(MiB);
    expect(event?.data).toMatchObject({ type: "a", data: { kept: 1 }, truncated: true });
  });
});

describe("a batch in several rows of the journal", () => {
  it("answers with the last seq, and again with the same when it is sent again", async () => {
    const id = await act.attach();
    const body = { job_id: id, batch_id: "b", predictions: [] as object[] };
    for (let n = 0; n < 100; n += 1) {
      body.predictions.push({
        epoch: 1,
        step: 1,
        sample_index: n,
        prompt: text(9_000),
        prediction: "a",
      });
    }
    const first = await act.post("/api/training/local/predictions", body);
    const again = await act.post("/api/training/local/predictions", body);
    expect(again.body).toEqual(first.body);
    const { body: job } = await api.call("GET", `/api/training/${id}`, { key });
    expect(job).toMatchObject({ last_seq: (first.body as { last_seq: number }).last_seq });
  });

  it("leaves out what a later row replaced, which comes with that one", async () => {
    const id = await act.attach();
    await predict(id, [{}, {}]);
    await predict(id, [{ prediction: "better" }]);
    const shown = ofEvent(await framesOf(id), "prediction").map(
      ({ data }) => (data.prediction as { prediction: string }).prediction,
    );
    expect(shown).toEqual(["said 1", "better"]);
  });
});
