import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ConflictError,
  ForbiddenError,
  NotFoundError,
  type SignalboxClient,
  UnauthorizedError,
  UnsupportedError,
} from "../../sdk/typescript/src/index.ts";
import { jobDriver } from "../api/job-driver.ts";
import { startApi, type TestApi } from "../api/kit.ts";
import { clientOf } from "./sdk-kit.ts";

describe("the TypeScript client on a real dashboard", () => {
  let api: TestApi;
  let client: SignalboxClient;
  let reader: SignalboxClient;
  let act: ReturnType<typeof jobDriver>;

  beforeAll(async () => {
    api = await startApi({ engine: "pglite" });
    const user = await api.signUp("a");
    const key = await api.makeKey(user);
    client = clientOf(api, key);
    reader = clientOf(api, await api.makeKey(user, ["read"]));
    act = jobDriver(api, key);
  });
  afterAll(() => api.close());

  async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const item of items) found.push(item);
    return found;
  }

  it("attaches, finds, changes and deletes runs", async () => {
    const { job_id, job_token } = await client.jobs.attach({ name: "mine", tags: ["x"] });
    expect(job_id).toMatch(/^job_/);
    expect(job_token).toMatch(/^sbj_/);
    const found = await client.jobs.list({ tag: "x", status: ["running", "paused"] });
    expect(found).toMatchObject({ total: 1, jobs: [{ id: job_id, name: "mine" }] });
    expect(await listed(client.jobs.all({ q: "mine" }))).toHaveLength(1);
    expect(await client.jobs.update(job_id, { notes: "noted" })).toMatchObject({ notes: "noted" });
    await expect(client.jobs.delete(job_id)).rejects.toThrow(ConflictError);
    await act.report(job_id, { status: "succeeded" });
    await client.jobs.delete(job_id);
    await expect(client.jobs.get(job_id)).rejects.toThrow(NotFoundError);
  });

  it("starts a run once, however often it asks with one key", async () => {
    const start = { kind: "sft", config: { epochs: 3 } } as const;
    const first = await client.jobs.create(start, { idempotencyKey: "same" });
    const second = await client.jobs.create(start, { idempotencyKey: "same" });
    expect(second.id).toBe(first.id);
    expect(first.job).toMatchObject({ status: "queued", config: { epochs: 3 } });
    expect(await first.refresh()).toMatchObject({ id: first.id });
    await expect(client.jobs.create({ kind: "other" })).rejects.toThrow(UnsupportedError);
  });

  it("stores and reads figures, NaN and infinities among them", async () => {
    const { job_id, job_token } = await client.jobs.attach();
    const values = [1.5, Number.NaN, Infinity, -Infinity, 5e-324];
    const points = values.map((value, step) => ({ name: "a,b", step, value }));
    const reply = await client.metrics.create(job_id, points, { jobToken: job_token });
    expect(reply).toMatchObject({ count: 5 });
    const rows = await listed(client.metrics.rows(job_id, { names: ["a,b"] }));
    expect(rows.map((row) => row["a,b"])).toEqual(values);
    const { series } = await client.metrics.series(job_id, { names: ["a,b"], buckets: 1 });
    expect(series).toMatchObject([
      { name: "a,b", buckets: [{ min: -Infinity, max: Infinity, count: 5, nan_count: 1 }] },
    ]);
    expect(await client.metrics.get(job_id, { limit: 1 })).toMatchObject({ total: 5 });
  });

  it("stores and reads predictions", async () => {
    const { job_id, job_token } = await client.jobs.attach();
    const predictions = [0, 1, 2].map((sample_index) => ({
      epoch: 1,
      step: 10,
      sample_index,
      prompt: `p${sample_index}`,
      prediction: "q",
      ground_truth: sample_index ? "q" : "x",
    }));
    const options = { jobToken: job_token, idempotencyKey: "batch" };
    await client.predictions.create(job_id, predictions, options);
    await client.predictions.create(job_id, predictions, options);
    const wrong = await client.predictions.get(job_id, { epoch: 1, filter: "wrong" });
    expect(wrong).toMatchObject({ total_count: 1, predictions: [{ sample_index: 0 }] });
    expect(await listed(client.predictions.all(job_id))).toHaveLength(3);
    expect(await client.predictions.epochs(job_id)).toMatchObject({
      epochs: [{ epoch: 1, prediction_count: 3 }],
    });
    expect((await client.predictions.trends(job_id)).trends[0]).toMatchObject({
      avg_exact_match: expect.closeTo(2 / 3),
    });
  });

  it("reads logs and what went wrong", async () => {
    const id = await act.attach();
    const lines = [
      { text: "one" },
      { stream: "stderr", text: "Traceback (most recent call last):" },
      { stream: "stderr", text: "ValueError: no" },
    ];
    await act.post(act.local(id, "logs"), { lines });
    await act.report(id, { status: "failed", error: "ValueError: no" });
    expect((await listed(client.logs.lines(id))).map(({ text }) => text)).toEqual(
      lines.map(({ text }) => text),
    );
    expect(await client.logs.get(id, { tail: 1 })).toMatchObject({ logs: [{ line: 3 }] });
    expect(await client.errors.get(id)).toMatchObject({
      reason: "ValueError: no",
      traceback: expect.stringContaining("ValueError"),
    });
  });

  it("sends control commands and waits for the trainer's answers", async () => {
    const id = await act.attach({ live_params: { learning_rate: { min: 0, max: 1 } } });
    const run = client.jobs.handle(id);
    const answer = async (json: object) => {
      const command = await act.next(id);
      await act.ack(id, command?.id ?? "", json);
    };
    const change = await run.updateParams({ learning_rate: 0.5 }, { reason: "slower" });
    expect(change).toMatchObject({ status: "pending", args: { learning_rate: 0.5 } });
    const waiting = run.waitFor(change);
    await answer({ status: "applied", applied_step: 7, new: { learning_rate: 0.5 } });
    expect(await waiting).toMatchObject({ status: "applied", applied_step: 7, reason: "slower" });

    await expect(run.updateParams({ batch_size: 1 })).rejects.toMatchObject({
      name: "UnsupportedError",
      details: { live_params: { learning_rate: { min: 0, max: 1 } } },
    });
    const save = await run.checkpoint({ commandId: "save-1" });
    expect(await run.checkpoint({ commandId: "save-1" })).toMatchObject({ id: save.id });
    await answer({ status: "rejected", reason: "disk full" });
    expect(await run.waitFor("save-1")).toMatchObject({ status: "rejected", reason: "disk full" });

    await run.pause({ mode: "hold" });
    await answer({ status: "applied" });
    expect((await run.refresh()).status).toBe("paused");
    await expect(run.pause()).rejects.toMatchObject({
      name: "ConflictError",
      details: { status: "paused" },
    });
    await run.resume();
    await answer({ status: "applied" });
    await run.stop({ reason: "enough" });
    const { commands, total } = await client.control.commands(id, { limit: 2 });
    expect([commands[0]?.type, total]).toEqual(["stop", 5]);
  });

  it("tells health and capabilities, and refuses by its scopes and keys", async () => {
    expect(await reader.health()).toMatchObject({ database: "ok" });
    expect((await reader.capabilities()).trainers[0]).toMatchObject({ kind: "sft" });
    const id = await act.attach();
    await expect(reader.control.stop(id)).rejects.toThrow(ForbiddenError);
    const stranger = clientOf(api, `sbx_${"0".repeat(36)}`);
    await expect(stranger.jobs.list()).rejects.toThrow(UnauthorizedError);
    await expect(stranger.jobs.list()).rejects.toMatchObject({
      requestId: expect.stringMatching(/^req_/),
    });
  });
});
