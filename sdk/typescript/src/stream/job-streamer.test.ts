import { describe, expect, it } from "vitest";
import { ForbiddenError, NotFoundError, StreamTimeoutError, UnauthorizedError } from "../errors.ts";
import { BufferedHandler } from "../handlers/buffered-handler.ts";
import { CallbackHandler } from "../handlers/callback-handler.ts";
import type { MessageHandler } from "../handlers/handler.ts";
import { FakeDashboard } from "../testing/fake-dashboard.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { refusal } from "../testing/script-fetch.ts";
import { JobStreamer, type JobStreamerOptions } from "./job-streamer.ts";
import type { StreamMessage } from "./message.ts";

const everything = ["status", "events", "metrics", "timeline", "logs", "predictions"] as const;

function streaming(
  options: Partial<JobStreamerOptions> = {},
  more: MessageHandler[] = [],
  dashboard = new FakeDashboard(),
) {
  const clock = new ManualClock();
  const messages: StreamMessage[] = [];
  const failures: unknown[] = [];
  const fallbacks: string[] = [];
  const streamer = new JobStreamer({
    baseUrl: "http://signalbox.test",
    apiKey: "sbx_test",
    jobId: dashboard.jobId,
    fetch: dashboard.fetch,
    clock,
    random: () => 0.5,
    onHandlerError: (error) => failures.push(error),
    onFallback: (reason) => fallbacks.push(reason),
    ...options,
    handlers: [...more, new CallbackHandler((message) => void messages.push(message))],
  });
  const outcome: { job?: unknown; error?: unknown } = {};
  const start = () =>
    streamer.streamUntilTerminal().then(
      (job) => {
        outcome.job = job;
      },
      (error: unknown) => {
        outcome.error = error;
      },
    );
  const keys = () => messages.map(({ key }) => key);
  return { dashboard, clock, messages, failures, fallbacks, streamer, outcome, start, keys };
}

/** Both transports must keep the same rules. */
describe.each(["sse", "poll"] as const)("a streamer by %s", (transport) => {
  const rig = (options: Partial<JobStreamerOptions> = {}, more: MessageHandler[] = []) =>
    streaming({ transport, ...options }, more);

  it("tells everything from the first row on, step 0 included, and ends with the run", async () => {
    const { dashboard, clock, start, keys, outcome, messages } = rig();
    dashboard.metric(0);
    dashboard.event("early");
    void start();
    await clock.advance(2_000);
    dashboard.metric(1);
    dashboard.become("succeeded");
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toEqual([
      "metrics:1:train/loss:0",
      "events:2",
      "metrics:3:train/loss:0",
      "status:4",
    ]);
    expect(messages[0]?.step).toBe(0);
    expect(outcome.job).toMatchObject({ status: "succeeded", last_seq: 4 });
    expect(clock.pending).toBe(0);
    expect(dashboard.connections).toBe(0);
  });

  it("ends by a status that its filters leave out", async () => {
    const { dashboard, clock, start, keys, outcome } = rig({ config: { streams: ["metrics"] } });
    void start();
    await clock.advance(2_000);
    dashboard.metric(1);
    dashboard.become("failed");
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toEqual(["metrics:1:train/loss:0"]);
    expect(outcome.job).toMatchObject({ status: "failed" });
  });

  it("moves on over any number of rows that its filters leave out", async () => {
    const { dashboard, clock, start, keys } = rig({
      config: { event_levels: ["error"], max_events_per_poll: 3 },
    });
    for (let n = 0; n < 50; n += 1) dashboard.event("filtered");
    dashboard.event("kept", { level: "error" });
    void start();
    await clock.advance(1);
    expect(keys()).toEqual(["events:51"]);
    dashboard.become("cancelled");
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toEqual(["events:51", "status:52"]);
  });

  it("brings what is told after the terminal state before it ends", async () => {
    const { dashboard, clock, start, keys, outcome } = rig();
    void start();
    await clock.advance(1);
    dashboard.become("succeeded");
    if (transport === "sse") dashboard.end();
    dashboard.event("one more thing");
    await clock.advance(5_000);
    expect(keys()).toEqual(["status:1", "events:2"]);
    expect(outcome.job).toMatchObject({ last_seq: 2 });
  });

  it("does not end by a terminal state that the run has left", async () => {
    const { dashboard, clock, start, keys, outcome } = rig();
    dashboard.become("failed");
    dashboard.become("queued");
    dashboard.become("running");
    void start();
    await clock.advance(10_000);
    expect(outcome).toEqual({});
    dashboard.become("succeeded");
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toEqual(["status:1", "status:2", "status:3", "status:4"]);
    expect(outcome.job).toMatchObject({ status: "succeeded" });
  });

  it("waits through an hour of silence, and through hours of a dashboard that is away", async () => {
    const { dashboard, clock, start, keys, outcome } = rig();
    void start();
    dashboard.metric(1);
    for (let minute = 0; minute < 60; minute += 1) {
      dashboard.send("event: heartbeat\ndata: {}\n\n");
      await clock.advance(30_000);
      await clock.advance(30_000);
    }
    dashboard.fault = () => new Error("connect ECONNREFUSED");
    dashboard.cut();
    await clock.advance(100 * 60_000);
    dashboard.fault = () => refusal(503, "backend_unavailable");
    await clock.advance(60_000);
    expect(outcome).toEqual({});
    dashboard.fault = () => null;
    dashboard.metric(2);
    dashboard.become("succeeded");
    await clock.advance(60_000);
    dashboard.end();
    await clock.advance(60_000);
    expect(keys()).toEqual(["metrics:1:train/loss:0", "metrics:2:train/loss:0", "status:3"]);
    expect(outcome.job).toMatchObject({ status: "succeeded" });
  });

  it("ends after its whole time with the last status it heard, everything flushed", async () => {
    const batches: number[] = [];
    const buffered = new BufferedHandler((batch) => void batches.push(batch.length), {
      seconds: 1_000,
    });
    const { dashboard, clock, start, outcome } = rig({ timeoutSeconds: 90 }, [buffered]);
    void start();
    dashboard.metric(1);
    dashboard.become("pausing");
    for (let n = 0; n < 9; n += 1) {
      expect(outcome).toEqual({});
      dashboard.send("event: heartbeat\ndata: {}\n\n");
      await clock.advance(10_000);
    }
    expect(outcome.error).toBeInstanceOf(StreamTimeoutError);
    expect(outcome.error).toMatchObject({
      lastStatus: "pausing",
      message: expect.stringMatching(/within 90 s; last status: pausing/),
    });
    expect(batches).toEqual([2]);
    expect(dashboard.connections).toBe(0);
  });

  it.each([
    [401, "unauthorized", UnauthorizedError],
    [403, "forbidden", ForbiddenError],
    [404, "not_found", NotFoundError],
  ])("ends with a typed error on %d, at the start and later", async (status, code, kind) => {
    const first = rig();
    first.dashboard.fault = () => refusal(status, code);
    void first.start();
    await first.clock.advance(1);
    expect(first.outcome.error).toBeInstanceOf(kind);

    const later = rig();
    void later.start();
    await later.clock.advance(5_000);
    later.dashboard.fault = () => refusal(status, code);
    later.dashboard.cut();
    await later.clock.advance(20_000);
    expect(later.outcome.error).toBeInstanceOf(kind);
  });

  it("starts over with a run that took its run's place, whose rows have the same numbers", async () => {
    const { dashboard, clock, start, messages, outcome } = rig();
    void start();
    dashboard.metric(1);
    dashboard.metric(2);
    await clock.advance(5_000);
    dashboard.replace();
    dashboard.metric(7);
    await clock.advance(5_000);
    dashboard.become("succeeded");
    dashboard.end();
    await clock.advance(5_000);
    expect(messages.map(({ step }) => step)).toEqual([1, 2, 7, null]);
    expect(outcome.job).toMatchObject({ generation: "gen1x" });
  });

  it("tells nothing twice when rows come again, unless told to", async () => {
    for (const deduplicate of [true, false]) {
      const { dashboard, clock, start, keys } = rig({ config: { deduplicate } });
      dashboard.event("1");
      dashboard.event("2");
      void start();
      await clock.advance(5_000);
      dashboard.overlap = () => 1;
      dashboard.cut();
      dashboard.event("3");
      await clock.advance(5_000);
      const again = deduplicate ? [] : ["events:2"];
      expect(keys().slice(0, 3 + again.length)).toEqual([
        "events:1",
        "events:2",
        ...again,
        "events:3",
      ]);
    }
  });

  it("goes on from where it was stopped", async () => {
    const { dashboard, clock, start, keys, outcome, streamer } = rig();
    void start();
    dashboard.event("1");
    await clock.advance(5_000);
    streamer.stop();
    await clock.advance(1);
    expect(outcome.job).toMatchObject({ status: "running" });
    expect(clock.pending).toBe(0);
    expect(dashboard.connections).toBe(0);
    dashboard.event("2");
    dashboard.become("succeeded");
    void start();
    await clock.advance(1);
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toEqual(["events:1", "events:2", "status:3"]);
    expect(outcome.job).toMatchObject({ status: "succeeded" });
  });

  it("ends by its signal with its reason", async () => {
    const controller = new AbortController();
    const { clock, start, outcome } = rig({ signal: controller.signal });
    void start();
    await clock.advance(100);
    controller.abort(new Error("enough"));
    await clock.advance(1);
    expect(outcome.error).toMatchObject({ message: "enough" });
    expect(clock.pending).toBe(0);
  });

  it("reports a handler that throws once, counts, and spares the others", async () => {
    const bad: MessageHandler = {
      handle: () => {
        throw new Error("bad");
      },
      flush: () => Promise.reject(new Error("worse")),
    };
    const { dashboard, clock, start, keys, failures, streamer, outcome } = rig({}, [bad]);
    for (let n = 1; n <= 3; n += 1) dashboard.event(String(n));
    dashboard.become("succeeded");
    void start();
    await clock.advance(1);
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toHaveLength(4);
    expect(failures).toEqual([new Error("bad")]);
    expect(streamer.handlerFailures).toBe(5);
    expect(outcome.job).toMatchObject({ status: "succeeded" });
  });

  it("samples the same share for everybody, and every status", async () => {
    const { dashboard, clock, start, messages } = rig({
      config: { streams: everything, sample_rate: 0.25 },
    });
    for (let n = 0; n < 400; n += 1) dashboard.metric(n);
    for (const status of ["pausing", "paused", "queued", "starting", "running", "succeeded"]) {
      dashboard.become(status);
    }
    void start();
    await clock.advance(1);
    dashboard.end();
    await clock.advance(5_000);
    const points = messages.filter(({ stream_type }) => stream_type === "metrics");
    expect(points.length).toBeGreaterThan(60);
    expect(points.length).toBeLessThan(140);
    expect(messages.filter(({ stream_type }) => stream_type === "status")).toHaveLength(6);
  });

  it("takes no more than its handlers do", async () => {
    let letGo = () => {};
    let handled = 0;
    const slow: MessageHandler = {
      handle: () =>
        new Promise((resolve) => {
          handled += 1;
          letGo = resolve;
        }),
    };
    const { dashboard, clock, start, keys } = rig({ config: { max_events_per_poll: 2 } }, [slow]);
    for (let n = 0; n < 6; n += 1) dashboard.event(String(n));
    void start();
    await clock.advance(60_000);
    expect(handled).toBe(1);
    expect(dashboard.asked.filter((path) => path.includes("/rows")).length).toBeLessThanOrEqual(1);
    for (let n = 0; n < 6; n += 1) {
      letGo();
      await clock.advance(2_000);
    }
    expect(keys()).toHaveLength(6);
  });
});

describe("a streamer without a live stream", () => {
  it.each([404, 405, 406, 501])(
    "polls where the stream answers %d though the run is there",
    async (status) => {
      const { dashboard, clock, start, keys, fallbacks } = streaming();
      dashboard.fault = (path) => (path.endsWith("/stream") ? new Response("", { status }) : null);
      dashboard.event("1");
      void start();
      await clock.advance(1);
      expect(keys()).toEqual(["events:1"]);
      expect(fallbacks).toEqual([expect.stringContaining(String(status))]);
      await clock.advance(60_000);
      expect(dashboard.asked.filter((path) => path.includes("/stream"))).toHaveLength(1);
    },
  );

  it("polls where something else is answered", async () => {
    const { dashboard, clock, start, keys, fallbacks } = streaming();
    const page = () => new Response("<html>", { headers: { "content-type": "text/html" } });
    dashboard.fault = (path) => (path.endsWith("/stream") ? page() : null);
    dashboard.event("1");
    void start();
    await clock.advance(1);
    expect(keys()).toEqual(["events:1"]);
    expect(fallbacks).toEqual([expect.stringContaining("text/html")]);
  });

  it("polls after three connections that bring nothing for 15 s, as behind a buffering proxy", async () => {
    const { dashboard, clock, start, keys, fallbacks } = streaming();
    const mute = () =>
      new Response(new ReadableStream({}), { headers: { "content-type": "text/event-stream" } });
    dashboard.fault = (path) => (path.endsWith("/stream") ? mute() : null);
    dashboard.event("1");
    void start();
    await clock.advance(44_000);
    expect(keys()).toEqual([]);
    await clock.advance(3_000);
    expect(keys()).toEqual(["events:1"]);
    expect(fallbacks).toHaveLength(1);
  });

  it("does not count a dashboard that is away as one without streams", async () => {
    const { dashboard, clock, start, fallbacks, keys } = streaming();
    void start();
    await clock.advance(10);
    dashboard.fault = () => new Error("ECONNREFUSED");
    dashboard.cut();
    await clock.advance(10 * 60_000);
    dashboard.fault = () => null;
    dashboard.event("1");
    await clock.advance(10_000);
    expect(fallbacks).toEqual([]);
    expect(keys()).toEqual(["events:1"]);
  });

  it("asks every interval, and at once again while there is more", async () => {
    const { dashboard, clock, start } = streaming({
      transport: "poll",
      intervalSeconds: 7,
      config: { max_events_per_poll: 2 },
    });
    for (let n = 0; n < 5; n += 1) dashboard.event(String(n));
    void start();
    const pages = () => dashboard.asked.filter((path) => path.includes("/rows"));
    await clock.advance(6_999);
    expect(pages().map((path) => path.split("?")[1])).toEqual([
      "since_seq=0&limit=2",
      "since_seq=2&limit=2",
      "since_seq=4&limit=2",
    ]);
    await clock.advance(7_000);
    expect(pages()).toHaveLength(4);
  });
});

describe("a streamer by the live stream", () => {
  it("takes a silent line for dead and resumes from its cursor", async () => {
    const { dashboard, clock, start, keys } = streaming();
    void start();
    dashboard.event("1");
    await clock.advance(44_000);
    expect(dashboard.asked.filter((path) => path.includes("/stream"))).toHaveLength(1);
    await clock.advance(2_000);
    const [, second] = dashboard.asked.filter((path) => path.includes("/stream"));
    expect(second).toContain("after=gen1-1");
    expect(keys()).toEqual(["events:1"]);
  });

  it("keeps predictions of one batch together over a break in the midst of it", async () => {
    const { dashboard, clock, start, keys } = streaming({ config: { streams: everything } });
    void start();
    await clock.advance(1);
    const prediction = (sample_index: number) => ({
      prediction: { epoch: 1, step: 2, sample_index, created_at: "2026-11-20T12:00:00.000Z" },
      total_count: 2,
      timestamp: "2026-11-20T12:00:00.000Z",
    });
    dashboard.send(`event: prediction\ndata: ${JSON.stringify(prediction(0))}\n\n`);
    await clock.advance(1);
    expect(keys()).toEqual([]);
    dashboard.cut();
    dashboard.tell("prediction", prediction(0), prediction(1));
    await clock.advance(1_000);
    expect(keys()).toEqual(["predictions:1:2:0:1", "predictions:1:2:1:1"]);
  });

  it("asks the server for no more kinds of rows than it hands on", async () => {
    const { dashboard, clock, start, streamer } = streaming({
      config: { streams: ["metrics", "timeline"] },
    });
    void start();
    await clock.advance(1);
    const asked = new URL(`http://x${dashboard.asked[1]}`).searchParams;
    expect(asked.get("streams")).toBe("metrics,timeline,command,status");
    expect(asked.get("full")).toBe("1");
    streamer.stop();
  });

  it("comes again from its cursor when a frame is not JSON or the server says error", async () => {
    const { dashboard, clock, start, keys, outcome } = streaming();
    void start();
    dashboard.event("1");
    await clock.advance(1);
    dashboard.send("id: gen1-9\nevent: event\ndata: {broken\n\n");
    await clock.advance(1_000);
    dashboard.send('event: error\ndata: {"code":"backend_unavailable","message":"down"}\n\n');
    await clock.advance(1_000);
    dashboard.event("2");
    await clock.advance(1_000);
    expect(keys()).toEqual(["events:1", "events:2"]);
    dashboard.send('event: error\ndata: {"code":"not_found","message":"gone"}\n\n');
    await clock.advance(1_000);
    expect(outcome.error).toBeInstanceOf(NotFoundError);
  });
});
