import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CallbackHandler,
  type SignalboxClient,
  type StreamMessage,
  streamTypes,
  toJson,
} from "../../sdk/typescript/src/index.ts";
import { engines } from "../../supabase/local/testing.ts";
import { type JobDriver, startWithOwner } from "../api/job-driver.ts";
import type { TestApi } from "../api/kit.ts";
import { clientOf } from "./sdk-kit.ts";

describe.each(engines)("a live run, followed on %s", (engine) => {
  let api: TestApi;
  let client: SignalboxClient;
  let act: JobDriver;

  beforeAll(async () => {
    const owner = await startWithOwner({ engine });
    ({ api, act } = owner);
    client = clientOf(api, owner.key);
  });
  afterAll(() => api.close());

  function follow(id: string, transport: "sse" | "poll") {
    const messages: StreamMessage[] = [];
    let heard = () => {};
    const streamer = client.streamer(id, {
      transport,
      intervalSeconds: 0.05,
      config: { streams: streamTypes, max_events_per_poll: 3 },
      handlers: [
        new CallbackHandler((message) => {
          messages.push(message);
          heard();
        }),
      ],
    });
    const done = streamer.streamUntilTerminal();
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        heard = () => messages.length >= count && resolve();
        heard();
      });
    return { messages, done, until };
  }

  it("gives the same messages by the live stream and by polling, each once", async () => {
    const id = await act.attach({ live_params: { learning_rate: {} } });
    const followers = [follow(id, "sse"), follow(id, "poll")];
    const heard = (count: number) => Promise.all(followers.map(({ until }) => until(count)));
    await heard(1);
    let expected = 1;
    for (let step = 0; step < 12; step += 1) {
      const points = [
        { name: "train/loss", step, value: step % 4 ? step : "NaN" },
        { name: "eval.loss", step: 0, value: -step, epoch: step / 4, phase: "late" },
      ];
      await act.post("/api/training/local/metrics", { job_id: id, points });
      await act.post(act.local(id, "logs"), { logs: [`step ${step} ∆🙂`, ""] });
      await act.post(act.local(id, "events"), { events: [{ type: "tick", data: { step } }] });
      expected += 5;
      // Sometimes together, sometimes caught up with.
      if (step % 3 === 0) await heard(expected);
    }
    const predictions = [0, 1, 2, 3].map((sample_index) => ({
      epoch: 1,
      step: 12,
      sample_index,
      prompt: "p",
      prediction: "q",
    }));
    await act.post("/api/training/local/predictions", { job_id: id, predictions });
    await client.control.updateParams(id, { learning_rate: 1e-4 });
    const command = await act.next(id);
    await act.ack(id, command?.id ?? "", { status: "applied", applied_step: 12 });
    await act.report(id, { status: "succeeded" });

    const jobs = await Promise.all(followers.map(({ done }) => done));
    const [streamed, polled] = followers.map(({ messages }) => messages.map((m) => toJson(m)));
    expect(streamed).toEqual(polled);
    expect(new Set(streamed).size).toBe(streamed?.length);
    for (const job of jobs) expect(job).toMatchObject({ status: "succeeded" });
    const messages = followers[0]?.messages ?? [];
    expect(messages.filter(({ key }) => key.startsWith("metrics:"))).toHaveLength(24);
    expect(messages.filter(({ key }) => key.startsWith("logs:"))).toHaveLength(24);
    expect(messages.filter(({ key }) => key.startsWith("predictions:"))).toHaveLength(4);
    expect(messages.map(({ phase }) => phase)).toContain("command:update_params:applied");
  });

  it("ends for a handle that waits, after its events and points", async () => {
    const id = await act.attach();
    const steps: (number | null)[] = [];
    const events: string[] = [];
    const run = client.jobs.handle(id);
    const ended = run.pollUntilTerminal({
      onMetric: ({ step }) => void steps.push(step),
      onEvent: ({ type }) => void events.push(type),
    });
    const points = [{ name: "train/loss", step: 0, value: 1 }];
    await act.post("/api/training/local/metrics", { job_id: id, points });
    await act.post(act.local(id, "events"), { events: [{ type: "note" }] });
    await client.control.stop(id);
    await act.report(id, { status: "cancelled", exited: true });
    expect(await ended).toMatchObject({ status: "cancelled" });
    expect(run.job).toMatchObject({ status: "cancelled" });
    expect([steps, events]).toEqual([[0], ["note"]]);
  });
});
