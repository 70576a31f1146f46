import { describe, expect, it } from "vitest";
import { NotFoundError } from "../errors.ts";
import type { FakeDashboard } from "../testing/fake-dashboard.ts";
import { everything, streaming } from "../testing/streaming.ts";

describe("a streamer that polls, with events pushed meanwhile", () => {
  const row = { level: "info", message: "", data: {}, created_at: "2026-11-20T12:00:00.000Z" };
  function pushing(dashboard: FakeDashboard) {
    const asked: string[] = [];
    let connection: ReadableStreamDefaultController<Uint8Array> | null = null;
    dashboard.eventStream = ({ search }) => {
      asked.push(search);
      const body = new ReadableStream<Uint8Array>({
        start: (opened) => {
          connection = opened;
        },
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    };
    const push = (seq: number) => {
      const text = `id: ${seq}\ndata: ${JSON.stringify({ seq, type: "note", ...row })}\n\n`;
      connection?.enqueue(new TextEncoder().encode(text));
    };
    return { asked, push, cut: () => connection?.error(new TypeError("terminated")) };
  }

  it("gets events at once and everything else by polling, each once", async () => {
    const { dashboard, clock, start, keys, outcome, streamer } = streaming({
      transport: "events",
      intervalSeconds: 30,
    });
    const { asked, push } = pushing(dashboard);
    dashboard.metric(0);
    dashboard.event("before");
    void start();
    await clock.advance(1);
    dashboard.metric(1);
    dashboard.event("during");
    push(2);
    push(4);
    await clock.advance(1);
    expect(keys()).toEqual(["metrics:1:train/loss:0", "events:2", "events:4"]);
    // A pushed event does not take the metrics before it along.
    expect(streamer.cursor?.seq).toBe(2);
    dashboard.become("succeeded");
    await clock.advance(40_000);
    expect(keys().slice(3)).toEqual(["metrics:3:train/loss:0", "status:5"]);
    expect(outcome.job).toMatchObject({ status: "succeeded" });
    expect(asked).toEqual(["?since_seq=2"]);
    expect(clock.pending).toBe(0);
  });

  it("connects again after the last event when the connection breaks", async () => {
    const { dashboard, clock, start, keys, streamer } = streaming({
      transport: "events",
      intervalSeconds: 600,
    });
    const { asked, push, cut } = pushing(dashboard);
    void start();
    await clock.advance(1);
    dashboard.event("1");
    push(1);
    await clock.advance(1);
    cut();
    await clock.advance(5_000);
    dashboard.event("2");
    push(2);
    await clock.advance(1);
    expect(keys()).toEqual(["events:1", "events:2"]);
    expect(asked).toEqual(["?since_seq=0", "?since_seq=1"]);
    streamer.stop();
    await clock.advance(1);
    expect(clock.pending).toBe(0);
  });

  it("polls alone where events are not pushed", async () => {
    const { dashboard, clock, start, keys } = streaming({ transport: "events" });
    dashboard.event("1");
    void start();
    await clock.advance(1);
    dashboard.event("2");
    dashboard.become("succeeded");
    await clock.advance(10_000);
    expect(keys()).toEqual(["events:1", "events:2", "status:3"]);
    expect(dashboard.requests.filter((path) => path.includes("/events/stream"))).toHaveLength(1);
  });
});

describe("a streamer without a live stream", () => {
  it.each([404, 405, 406, 501])(
    "polls when the stream responds with %d although the run exists",
    async (status) => {
      const { dashboard, clock, start, keys, fallbacks } = streaming();
      dashboard.fault = (path) => (path.endsWith("/stream") ? new Response("", { status }) : null);
      dashboard.event("1");
      void start();
      await clock.advance(1);
      expect(keys()).toEqual(["events:1"]);
      expect(fallbacks).toEqual([expect.stringContaining(String(status))]);
      await clock.advance(60_000);
      expect(dashboard.requests.filter((path) => path.includes("/stream"))).toHaveLength(1);
    },
  );

  it("ends when the stream answers that it has ended", async () => {
    const { dashboard, clock, start, keys, outcome, fallbacks } = streaming();
    dashboard.event("1");
    void start();
    await clock.advance(1);
    dashboard.cut();
    dashboard.event("2");
    dashboard.become("succeeded");
    const ended = () => new Response(null, { status: 204 });
    dashboard.fault = (path) => (path.endsWith("/stream") ? ended() : null);
    await clock.advance(5_000);
    expect(keys()).toEqual(["events:1", "events:2", "status:3"]);
    expect(outcome.job).toMatchObject({ status: "succeeded" });
    expect(fallbacks).toEqual([]);
  });

  it("asks again when the stream has ended but the run was retried", async () => {
    const { dashboard, clock, start, keys } = streaming();
    let asked = 0;
    dashboard.fault = (path) => {
      asked += path.endsWith("/stream") ? 1 : 0;
      return path.endsWith("/stream") && asked === 1 ? new Response(null, { status: 204 }) : null;
    };
    dashboard.event("1");
    void start();
    await clock.advance(5_000);
    expect([keys(), asked]).toEqual([["events:1"], 2]);
  });

  it("polls when the response is not a stream", async () => {
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
    const pages = () => dashboard.requests.filter((path) => path.includes("/rows"));
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
  it("treats a silent connection as dead and resumes from its cursor", async () => {
    const { dashboard, clock, start, keys } = streaming();
    void start();
    dashboard.event("1");
    await clock.advance(44_000);
    expect(dashboard.requests.filter((path) => path.includes("/stream"))).toHaveLength(1);
    await clock.advance(2_000);
    const [, second] = dashboard.requests.filter((path) => path.includes("/stream"));
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
    dashboard.emit("prediction", prediction(0), prediction(1));
    await clock.advance(1_000);
    expect(keys()).toEqual(["predictions:1:2:0:1", "predictions:1:2:1:1"]);
  });

  it("never goes back behind its cursor by rows that come again", async () => {
    const { dashboard, clock, start, streamer } = streaming();
    for (const text of ["1", "2", "3"]) dashboard.event(text);
    void start();
    await clock.advance(1);
    dashboard.send(`id: gen1-1\nevent: event\ndata: {}\n\n`);
    await clock.advance(1);
    dashboard.cut();
    await clock.advance(5_000);
    expect(dashboard.requests.at(-1)).toContain("after=gen1-3");
    expect(streamer.cursor).toEqual({ generation: "gen1", seq: 3 });
    streamer.stop();
  });

  it("requests no more kinds of rows than it passes on", async () => {
    const { dashboard, clock, start, streamer } = streaming({
      config: { streams: ["metrics", "timeline"] },
    });
    void start();
    await clock.advance(1);
    const asked = new URL(`http://x${dashboard.requests[1]}`).searchParams;
    expect(asked.get("streams")).toBe("metrics,timeline,command,status");
    expect(asked.get("full")).toBe("1");
    streamer.stop();
  });

  it("reconnects from its cursor when a frame is not JSON or the server sends an error", async () => {
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

  it("does not treat a slow handler as a silent connection", async () => {
    let letGo = () => {};
    const slow = {
      handle: () =>
        new Promise<void>((resolve) => {
          letGo = resolve;
        }),
    };
    const { dashboard, clock, start, keys } = streaming({}, [slow]);
    void start();
    dashboard.event("1");
    await clock.advance(10 * 60_000);
    letGo();
    await clock.advance(1_000);
    expect(keys()).toEqual(["events:1"]);
    expect(dashboard.requests.filter((path) => path.includes("/stream"))).toHaveLength(1);
  });
});
