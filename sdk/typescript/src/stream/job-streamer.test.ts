import { ManualClock } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it, vi } from "vitest";
import {
  ForbiddenError,
  NotFoundError,
  SettingsError,
  StreamTimeoutError,
  UnauthorizedError,
} from "../errors.ts";
import { BufferedHandler } from "../handlers/buffered-handler.ts";
import type { MessageHandler } from "../handlers/handler.ts";
import { FakeDashboard } from "../testing/fake-dashboard.ts";
import { refusal } from "../testing/script-fetch.ts";
import { everything, streaming } from "../testing/streaming.ts";
import { JobStreamer } from "./job-streamer.ts";
import type { JobStreamerOptions } from "./job-streamer-options.ts";

/** Both transports must keep the same rules. */
describe.each(["sse", "poll"] as const)("a streamer by %s", (transport) => {
  const rig = (options: Partial<JobStreamerOptions> = {}, more: MessageHandler[] = []) =>
    streaming({ transport, ...options }, more);

  it("emits everything from the first row on, step 0 included, and ends with the run", async () => {
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

  it("ends by a status that its filters drop", async () => {
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

  it("moves past any number of rows that its filters drop", async () => {
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

  it("emits rows that follow the terminal state before it ends", async () => {
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

  it("waits through an hour of silence, and while the dashboard is down for hours", async () => {
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

  it("ends at its timeout with the last status that it received, everything flushed", async () => {
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

  it("starts over with a recreated run, whose rows have the same numbers", async () => {
    const { dashboard, clock, start, messages, outcome } = rig();
    void start();
    dashboard.metric(1);
    dashboard.metric(2);
    await clock.advance(5_000);
    dashboard.replace();
    // More rows than the old one had: its numbers alone would not tell.
    for (const step of [7, 8, 9]) dashboard.metric(step);
    await clock.advance(5_000);
    dashboard.become("succeeded");
    dashboard.end();
    await clock.advance(5_000);
    expect(messages.map(({ step }) => step)).toEqual([1, 2, 7, 8, 9, null]);
    expect(outcome.job).toMatchObject({ generation: "gen1x" });
  });

  it("starts over if the run has fewer rows than before, as after a restored backup", async () => {
    const { dashboard, clock, start, keys, outcome } = rig();
    void start();
    for (const text of ["1", "2", "3"]) dashboard.event(text);
    await clock.advance(5_000);
    dashboard.rows.length = 1;
    dashboard.lastSeq = 1;
    dashboard.cut();
    await clock.advance(5_000);
    dashboard.become("succeeded");
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toEqual(["events:1", "events:2", "events:3", "status:2"]);
    expect(outcome.job).toMatchObject({ last_seq: 2 });
  });

  it("continues with a run that left its terminal state while the stream was ending", async () => {
    const { dashboard, clock, start, keys, outcome } = rig();
    void start();
    await clock.advance(1);
    dashboard.become("failed");
    dashboard.become("queued");
    dashboard.end();
    await clock.advance(10_000);
    expect(outcome).toEqual({});
    dashboard.become("cancelled");
    await clock.advance(5_000);
    dashboard.end();
    await clock.advance(5_000);
    expect(keys()).toEqual(["status:1", "status:2", "status:3"]);
    expect(outcome.job).toMatchObject({ status: "cancelled" });
  });

  it("emits nothing twice when rows are repeated, unless configured to", async () => {
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

  it("continues from where it was stopped", async () => {
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

  it("keeps the same sample for every reader, and every status", async () => {
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

  it("reads no faster than its handlers", async () => {
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
    expect(dashboard.requests.filter((path) => path.includes("/rows")).length).toBeLessThanOrEqual(
      1,
    );
    for (let n = 0; n < 6; n += 1) {
      letGo();
      await clock.advance(2_000);
    }
    expect(keys()).toHaveLength(6);
  });
});

describe("a streamer", () => {
  it.each([
    { intervalSeconds: 0 },
    { intervalSeconds: Number.NaN },
    { timeoutSeconds: -1 },
    { config: { sample_rate: 2 } },
  ])("refuses %j when it is made", (options) => {
    expect(() => streaming(options)).toThrow(SettingsError);
  });

  it("passes handlers the job before the first message", async () => {
    const seen: string[] = [];
    const handler: MessageHandler = {
      begin: ({ name }) => void seen.push(name),
      handle: ({ key }) => void seen.push(key),
    };
    const { dashboard, clock, start, streamer } = streaming({}, [handler]);
    dashboard.event("1");
    void start();
    await clock.advance(1);
    expect(seen).toEqual(["a run", "events:1"]);
    streamer.stop();
  });

  it("prints where it has no handlers", async () => {
    const print = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const dashboard = new FakeDashboard();
    dashboard.event("hello");
    const settings = { baseUrl: "http://signalbox.test", fetch: dashboard.fetch, jobId: "a" };
    try {
      for (const handlers of [undefined, []]) {
        const clock = new ManualClock();
        const streamer = new JobStreamer({ ...settings, handlers, clock });
        const done = streamer.streamUntilTerminal();
        await clock.advance(1);
        streamer.stop();
        await done;
      }
      expect(print.mock.calls.flat()).toEqual([
        expect.stringMatching(/events info note: hello\n$/),
      ]);
    } finally {
      print.mockRestore();
    }
  });

  it("is closed by its block, and its handlers are flushed by then", async () => {
    const seen: string[] = [];
    const slow: MessageHandler = { handle: () => {}, flush: () => void seen.push("flushed") };
    const { dashboard, clock, start, streamer } = streaming({}, [slow]);
    await streamer.close();
    void start();
    await clock.advance(1);
    await streamer[Symbol.asyncDispose]();
    expect(seen).toEqual(["flushed"]);
    expect(dashboard.connections).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it.each([
    [{ interval_seconds: 1 }, /no interval_seconds; it takes .*intervalSeconds/],
    [{ jobId: "" }, /“” is not a run id/],
    [{ jobId: undefined }, /is not a run id/],
  ])("refuses %j by name", (options, why) => {
    expect(() => streaming(options as never)).toThrow(why);
  });

  it("streams once at a time", async () => {
    const { clock, start, streamer } = streaming();
    void start();
    await clock.advance(1);
    await expect(streamer.streamUntilTerminal()).rejects.toMatchObject({ code: "busy" });
    streamer.stop();
  });

  it("follows no redirect with its key", async () => {
    const { dashboard, clock, start, outcome } = streaming();
    const away = () => new Response(null, { status: 302, headers: { location: "http://evil" } });
    dashboard.fault = (path) => (path.endsWith("/stream") ? away() : null);
    void start();
    await clock.advance(1_000);
    expect(outcome.error).toMatchObject({ code: "redirect" });
  });
});
