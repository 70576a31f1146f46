import { toJson } from "@signalbox/protocol/wire/wire-number";
import { describe, expect, it } from "vitest";
import { SettingsError } from "../errors.ts";
import { StreamConfig } from "./config.ts";
import { decodeRow } from "./decode.ts";
import { isSampled, MessageFilter } from "./filter.ts";
import { endpointPath, streamTypes } from "./message.ts";
import { matchesGlob } from "./names-matcher.ts";
import { RecentMessages } from "./recent-messages.ts";
import { StreamMessage } from "./stream-message.ts";

const decode = (event: string, data: unknown) => decodeRow("a", { seq: 7, event, data });
const point = (name: string, more: Partial<StreamMessage> = {}) =>
  ({
    stream_type: "metrics",
    timestamp: "2026-11-20T12:00:00.000Z",
    job_id: "a",
    data: { name, value: 1, epoch: null },
    seq: 1,
    step: 1,
    phase: "train",
    key: `metrics:1:${name}:0`,
    ...more,
  }) as StreamMessage;

describe("decoding", () => {
  it("makes a message of every point, with its own step, phase and time", () => {
    const messages = decode("metrics", {
      "train/loss": [
        [0, 1.5, 0, 0.5, null],
        [0, "NaN", 1, null, "warmup"],
      ],
      "eval.loss": [[2, "-Infinity", 2, null, null]],
      loss: [[3, 1, 3, null, null]],
      "/odd": [[4, 1, 4, null, null]],
    });
    expect(messages.map(({ key, step, phase }) => [key, step, phase])).toEqual([
      ["metrics:7:train/loss:0", 0, "train"],
      ["metrics:7:train/loss:1", 0, "warmup"],
      ["metrics:7:eval.loss:0", 2, "eval"],
      ["metrics:7:loss:0", 3, null],
      ["metrics:7:/odd:0", 4, null],
    ]);
    expect(messages.map(({ data }) => (data as { value: number }).value)).toEqual([
      1.5,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      1,
      1,
    ]);
    expect(messages[1]?.timestamp).toBe("1970-01-01T00:00:00.001Z");
    expect(JSON.parse(toJson(messages[1]))).toMatchObject({ data: { value: "NaN" } });
  });

  it("reads an event's step from its data if that is an integer", () => {
    const event = (data: object) =>
      decode("event", { type: "t", level: "info", message: "", data });
    expect(event({ step: 0 })[0]?.step).toBe(0);
    expect(event({ step: 1.5 })[0]?.step).toBeNull();
    expect(event({ step: "1" })[0]?.step).toBeNull();
    expect(event({ step: 1e300 })[0]?.step).toBeNull();
  });

  it("leaves the job out of a status", () => {
    const [message] = decode("status", { to: "failed", from: "running", job: { huge: true } });
    expect(message?.data).toEqual({
      status: "failed",
      from: "running",
      reason: null,
      actor: null,
      attempt: 1,
    });
  });

  it("decodes a command as a phase of the timeline, at its last change", () => {
    const command = { type: "pause", status: "delivered", requested_at: "2026-01-01T00:00:00Z" };
    const later = { ...command, delivered_at: "2026-01-01T00:00:01.500Z", applied_at: null };
    const [message] = decode("command", { ...later, applied_step: 0 });
    expect(message).toMatchObject({
      stream_type: "timeline",
      timestamp: "2026-01-01T00:00:01.500Z",
      phase: "command:pause:delivered",
      step: 0,
      key: "timeline:7",
    });
    expect(decode("command", command)[0]?.timestamp).toBe("2026-01-01T00:00:00.000Z");
  });

  it("makes nothing of what it does not know, and never throws", () => {
    for (const event of ["weather", "status", "metrics", "logs", "prediction", "toString"]) {
      for (const data of [null, 1, "x", [], {}, { lines: 3 }, { a: 1 }, { prediction: [] }]) {
        expect(decode(event, data)).toEqual([]);
      }
    }
  });
});

describe("a message", () => {
  it("is made of what the API returns", () => {
    const created_at = "2026-01-01T00:00:00.000Z";
    expect(StreamMessage.fromStatus("a", { status: "running", updated_at: created_at })).toEqual({
      stream_type: "status",
      timestamp: created_at,
      job_id: "a",
      data: {
        status: "running",
        from: null,
        reason: null,
        actor: null,
        attempt: 1,
        updated_at: created_at,
      },
      seq: 0,
      step: null,
      phase: null,
      key: `status:${created_at}`,
    });
    const event = { seq: 3, type: "sft.loss", data: { loss: 0.5, step: 7 }, created_at };
    expect(StreamMessage.fromEvent("a", event)).toMatchObject({
      stream_type: "events",
      data: { type: "sft.loss", data: { loss: 0.5 } },
      step: 7,
      key: "events:3",
    });
    const metric = { seq: 4, name: "train/loss", value: "NaN", step: 8, created_at };
    expect(StreamMessage.fromMetric("a", metric)).toMatchObject({
      stream_type: "metrics",
      data: { name: "train/loss", value: Number.NaN, epoch: null },
      step: 8,
      phase: "train",
      key: "metrics:4:train/loss:8",
    });
    expect(StreamMessage.fromTimeline("a", { phase: "warmup", created_at })).toMatchObject({
      stream_type: "timeline",
      data: { phase: "warmup", metadata: {} },
      phase: "warmup",
      key: `timeline:warmup:${created_at}`,
    });
  });

  it("is read from a path of its kind", () => {
    expect(streamTypes.map(endpointPath)).toEqual([
      "",
      "/events",
      "/metrics",
      "/timeline",
      "/rows",
      "/rows",
    ]);
  });
});

describe("a configuration", () => {
  it("has presets", () => {
    expect(StreamConfig.default().streams).toEqual(["status", "events", "metrics", "timeline"]);
    expect(StreamConfig.minimal().streams).toEqual(["status"]);
    for (const preset of ["progressOnly", "progress_only"] as const) {
      expect(StreamConfig.from(preset)).toMatchObject({
        streams: ["status", "events", "metrics"],
        event_types: ["sft.progress", "sft.loss", "sft.validation.summary", "rl.train.step"],
        metric_names: ["loss", "train.loss", "eval.loss", "train.reward_mean", "eval.reward_mean"],
      });
    }
    for (const preset of [StreamConfig.errorsOnly, StreamConfig.errors_only]) {
      expect(preset({ sample_rate: 0.5 })).toMatchObject({
        streams: ["status", "events"],
        event_levels: ["error", "warning"],
        sample_rate: 0.5,
      });
    }
    expect(StreamConfig.progressOnly({ enabled_streams: ["metrics"] }).streams).toEqual([
      "metrics",
    ]);
  });

  it("takes each filter as an array or as a Set, and its streams by either name", () => {
    const lists = {
      event_types: ["a"],
      event_levels: ["error"],
      metric_names: ["train.loss"],
      metric_phases: ["eval"],
      timeline_phases: ["warmup"],
    };
    const sets = Object.fromEntries(Object.entries(lists).map(([k, v]) => [k, new Set(v)]));
    const config = new StreamConfig({ ...sets, enabled_streams: new Set(["logs"] as const) });
    expect(config).toEqual(new StreamConfig({ ...lists, streams: ["logs"] }));
    expect(config.enabled_streams).toEqual(["logs"]);
  });

  it("tells of an event, a point or an entry of the timeline whether it is kept", () => {
    const config = new StreamConfig({
      event_types: ["sft.loss"],
      event_levels: ["info"],
      metric_names: ["train.*"],
      metric_phases: ["train"],
      timeline_phases: ["warmup"],
    });
    expect(config.shouldIncludeEvent({ type: "sft.loss", level: "info" })).toBe(true);
    expect(config.shouldIncludeEvent({ type: "sft.loss", level: "error" })).toBe(false);
    expect(config.shouldIncludeEvent({ type: "sft.loss" })).toBe(false);
    expect(config.shouldIncludeMetric({ name: "train/loss" })).toBe(true);
    expect(config.shouldIncludeMetric({ name: "train/loss", phase: "eval" })).toBe(false);
    expect(config.shouldIncludeMetric({ name: "eval/loss" })).toBe(false);
    expect(config.shouldIncludeTimeline({ phase: "warmup" })).toBe(true);
    expect(config.shouldIncludeTimeline({ phase: "training" })).toBe(false);
  });

  it.each([
    [{ sample_rate: 0 }, /sample_rate/],
    [{ sample_rate: 1.1 }, /sample_rate/],
    [{ sample_rate: Number.NaN }, /sample_rate/],
    [{ max_events_per_poll: 0 }, /max_events_per_poll/],
    [{ max_events_per_poll: 1001 }, /max_events_per_poll/],
    [{ max_events_per_poll: 1.5 }, /max_events_per_poll/],
    [{ streams: ["weather"] }, /weather/],
    [{ event_levels: ["fatal"] }, /event_levels: “fatal” is not one of debug/],
    [{ metric_names: "train/loss" }, /metric_names must be an array or a Set/],
    [{ metric_names: new Set([1]) }, /metric_names must be an array or a Set/],
    [{ metricNames: [] }, /no metricNames; it takes streams, .*metric_names/],
    [{ streams: ["logs"], enabled_streams: ["logs"] }, /streams and enabled_streams are the same/],
    ["everything", /“everything” is not one of default/],
    ["toString", /is not one of/],
  ])("refuses %j when it is made", (fields, message) => {
    const make = () => StreamConfig.from(fields as never);
    expect(make).toThrow(SettingsError);
    expect(make).toThrow(message);
  });
});

describe("filters", () => {
  const passes = (fields: object, message: StreamMessage) =>
    new MessageFilter(new StreamConfig(fields)).passes(message);

  it("choose series by name or pattern, and by phase", () => {
    expect(passes({ metric_names: ["train/loss"] }, point("train/loss"))).toBe(true);
    expect(passes({ metric_names: ["train/loss"] }, point("train/loss2"))).toBe(false);
    expect(passes({ metric_names: ["eval/*", "*loss"] }, point("train/loss"))).toBe(true);
    expect(passes({ metric_names: [] }, point("train/loss"))).toBe(false);
    expect(passes({ metric_names: ["train.loss"] }, point("train/loss"))).toBe(true);
    expect(passes({ metric_names: ["train/loss"] }, point("train.loss"))).toBe(true);
    expect(passes({ metric_names: ["train.*"] }, point("train/loss"))).toBe(true);
    expect(passes({ metric_names: ["train.loss"] }, point("train_loss"))).toBe(false);
    expect(passes({ metric_phases: ["eval"] }, point("train/loss"))).toBe(false);
    expect(passes({ metric_phases: ["train"] }, point("train/loss"))).toBe(true);
    expect(passes({ metric_phases: ["train"] }, point("loss", { phase: null }))).toBe(false);
  });

  it.each([
    ["*", "", true],
    ["a*", "a", true],
    ["a*b", "ab", true],
    ["a*a", "a", false],
    ["a*b*c", "a-b-c", true],
    ["a*b*c", "acb", false],
    ["*b*b*", "ab", false],
    ["a.c", "abc", false],
    ["*".repeat(60), "x".repeat(200), true],
    [`${"*a".repeat(40)}b`, "a".repeat(5_000), false],
  ])("match the pattern %s with %s: %s", (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it("sample by the key's checksum, as every other reader does", () => {
    // Their crc32 / 2^32, as Python's zlib has it: 0.3267 and 0.8640.
    const low = point("x", { key: "metrics:1:loss:0" });
    const high = point("x", { key: "metrics:2:loss:0" });
    expect([0.32, 0.33, 0.86, 0.87].map((rate) => isSampled(low, rate))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect([0.32, 0.86, 0.87, 1].map((rate) => isSampled(high, rate))).toEqual([
      false,
      false,
      true,
      true,
    ]);
    const status = { ...high, stream_type: "status" } as StreamMessage;
    expect(isSampled(status, 0.0001)).toBe(true);
  });

  it("remember the last messages only, the least recently seen going first", () => {
    const recent = new RecentMessages(3);
    const see = (...keys: string[]) => keys.map((key) => recent.isNew(point("x", { key })));
    expect(see("a", "b", "c", "a")).toEqual([true, true, true, false]);
    expect(see("d", "a", "b")).toEqual([true, false, true]);
    expect(recent.size).toBe(3);
  });

  it("keep no more than 10,000 messages in mind", () => {
    const recent = new RecentMessages();
    for (let n = 0; n < 12_000; n += 1) recent.isNew(point("x", { key: `k${n}` }));
    expect(recent.size).toBe(10_000);
    expect(recent.isNew(point("x", { key: "k2000" }))).toBe(false);
    expect(recent.isNew(point("x", { key: "k1999" }))).toBe(true);
  });
});
