import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock, settle } from "@signalbox/protocol/time/testing/manual-clock";
import { describe, expect, it } from "vitest";
import type { StreamMessage } from "../stream/message.ts";
import { BufferedHandler } from "./buffered-handler.ts";
import { CallbackHandler } from "./callback-handler.ts";
import { CLIHandler } from "./cli-handler.ts";
import { JSONHandler } from "./json-handler.ts";
import { writeTo } from "./output.ts";
import { figure, plainText } from "./plain-text.ts";

function message(type: StreamMessage["stream_type"], data: object, more: object = {}) {
  return {
    stream_type: type,
    timestamp: "2026-11-20T12:04:31.000Z",
    job_id: "a",
    data,
    seq: 1,
    step: null,
    phase: null,
    key: "k",
    ...more,
  } as StreamMessage;
}
const loss = (value: number, step = 40) =>
  message("metrics", { name: "train/loss", value, epoch: null }, { step });

function collecting() {
  const texts: string[] = [];
  const output = {
    write: (text: string) => {
      texts.push(text);
      return true;
    },
  };
  return { texts, output };
}

describe("CLIHandler", () => {
  it("writes a line for each kind of message", () => {
    const { texts, output } = collecting();
    const handler = new CLIHandler({ output });
    const time = "2026-11-20T12:04:31.000Z";
    for (const each of [
      loss(0.569212),
      message("status", { status: "failed", from: "running", reason: "out of memory" }),
      message("events", { type: "oom", level: "error", message: "halved" }, { step: 3 }),
      message("timeline", { phase: "evaluating", metadata: {} }),
      message("logs", { line: 1, stream: "stdout", text: "hello" }),
      message("predictions", {
        epoch: 1,
        sample_index: 2,
        prompt: "p",
        prediction: "q",
        ground_truth: null,
      }),
    ]) {
      void handler.handle(each);
    }
    const clock = new Date(time).toTimeString().slice(0, 8);
    expect(texts).toEqual([
      `${clock} metrics train/loss 0.5692 step 40\n`,
      `${clock} status running → failed: out of memory\n`,
      `${clock} events error oom: halved step 3\n`,
      `${clock} timeline evaluating\n`,
      `${clock} logs stdout hello\n`,
      `${clock} predictions epoch 1 sample 2 p → q\n`,
    ]);
  });

  it.each([
    ["\u001b[2J\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007text", "text"],
    ["a\r\nb\tc", "a b c"],
    ["\u0008\u0008\u007f\u009b31mx", "31mx"],
    ["safe\u202egnirts", "safegnirts"],
    ["é🙂", "é🙂"],
  ])("lets nothing through that a terminal would obey: %j", (text, expected) => {
    expect(plainText(text)).toBe(expected);
  });

  it.each([
    [0.569212, "0.5692"],
    [4310, "4310"],
    [0.0003, "3e-4"],
    [0.000123456, "1.235e-4"],
    [123456.789, "123500"],
    [1e300, "1e300"],
    [0, "0"],
    [-0.5, "-0.5"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-∞"],
  ])("writes %d as %s", (value, text) => {
    expect(figure(value)).toBe(text);
  });

  it("waits for a slow reader, but not once the reader has gone", async () => {
    let wake = (_event: string) => {};
    const output = {
      write: () => false,
      once: (event: string, listener: () => void) => {
        const before = wake;
        wake = (name) => (name === event ? listener() : before(name));
      },
      off: () => {},
    };
    for (const event of ["drain", "close", "error"]) {
      let done = false;
      void Promise.resolve(writeTo(output, "x")).then(() => {
        done = true;
      });
      await settle();
      expect(done).toBe(false);
      wake(event);
      await settle();
      expect(done).toBe(true);
    }
  });
});

describe("JSONHandler", () => {
  it("writes one object per line, numbers that JSON lacks as words", () => {
    const { texts, output } = collecting();
    void new JSONHandler({ output }).handle(loss(Number.NaN));
    expect(texts).toHaveLength(1);
    expect(texts[0]?.endsWith("}\n")).toBe(true);
    expect(JSON.parse(texts[0] ?? "")).toEqual({
      stream_type: "METRICS",
      timestamp: "2026-11-20T12:04:31.000Z",
      job_id: "a",
      data: { name: "train/loss", value: "NaN", epoch: null },
      seq: 1,
      step: 40,
      key: "k",
    });
  });

  it("overwrites a file, line by line as messages arrive, and continues it after a close", () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-json-"));
    try {
      const file = join(folder, "run.jsonl");
      const steps = () =>
        readFileSync(file, "utf8")
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line).step);
      const first = new JSONHandler({ outputFile: file });
      void first.handle(loss(1, 1));
      expect(steps()).toEqual([1]);
      first.close();
      void first.handle(loss(1, 2));
      first.close();
      expect(steps()).toEqual([1, 2]);
      const added = new JSONHandler({ file, append: true });
      void added.handle(loss(1, 3));
      added.close();
      expect(steps()).toEqual([1, 2, 3]);
      const again = new JSONHandler({ file });
      again.flush();
      again.close();
      expect(steps()).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses options that it does not have", () => {
    expect(() => new JSONHandler({ output_file: "x" } as never)).toThrow(
      /no output_file; it takes/,
    );
    expect(() => new JSONHandler({ file: "x", outputFile: "y" })).toThrow(/the same/);
  });

  it("fails where the file cannot be written, so that the streamer reports it", () => {
    const handler = new JSONHandler({ file: "/nowhere/at/all.jsonl" });
    expect(() => handler.handle(loss(1))).toThrow(/ENOENT/);
  });
});

describe("CallbackHandler", () => {
  it("calls one function for all, or each kind's own and skips the rest", () => {
    const all: string[] = [];
    const one = new CallbackHandler(({ stream_type }) => void all.push(stream_type));
    expect(one.shouldHandle(loss(1))).toBe(true);
    void one.handle(loss(1));
    const values: number[] = [];
    const metrics = new CallbackHandler({ metrics: ({ data }) => void values.push(data.value) });
    expect(metrics.shouldHandle(message("logs", {}))).toBe(false);
    void metrics.handle(loss(0.5));
    expect([all, values]).toEqual([["metrics"], [0.5]]);
  });

  it("passes the data, with its place, to functions named after it", () => {
    const seen: unknown[] = [];
    const handler = new CallbackHandler({
      onEvent: ({ type, data }, { key }) => void seen.push([type, data.loss, key]),
      onMetric: ({ name, value, step }) => void seen.push([name, value, step]),
    });
    expect(handler.shouldHandle(message("status", {}))).toBe(false);
    void handler.handle(message("events", { type: "sft.loss", data: { loss: 0.5 } }));
    void handler.handle(loss(0.25, 3));
    expect(seen).toEqual([
      ["sft.loss", 0.5, "k"],
      ["train/loss", 0.25, 3],
    ]);
  });

  it.each([
    [{ onEvents: () => {} }, /no onEvents; it takes onStatus, onEvent, .*metrics/],
    [{ on_event: () => {} }, /no on_event/],
    [{ event: () => {} }, /no event/],
    [{ onEvent: () => {}, events: () => {} }, /onEvent and events are the same/],
    [{ onEvent: "print" }, /callback for events must be a function/],
  ])("refuses %j", (callbacks, why) => {
    expect(() => new CallbackHandler(callbacks as never)).toThrow(why);
  });
});

describe("BufferedHandler", () => {
  const steps = (batch: StreamMessage[]) => batch.map(({ step }) => step);

  it("gives batches by size, by time from the first message, and all at a flush", async () => {
    const clock = new ManualClock();
    const batches: (number | null)[][] = [];
    const give = (batch: StreamMessage[]) => void batches.push(steps(batch));
    const handler = new BufferedHandler(give, { size: 3, seconds: 5, clock });
    for (const step of [1, 2, 3, 4]) await handler.handle(loss(1, step));
    expect(batches).toEqual([[1, 2, 3]]);
    await clock.advance(4_000);
    await handler.handle(loss(1, 5));
    await clock.advance(999);
    expect(batches).toHaveLength(1);
    await clock.advance(1);
    expect(batches).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    await handler.handle(loss(1, 6));
    await handler.flush();
    await handler.flush();
    expect(batches).toEqual([[1, 2, 3], [4, 5], [6]]);
    expect(clock.pending).toBe(0);
  });

  it("gives one batch at a time and waits with the next, so that nothing piles up", async () => {
    const releases: (() => void)[] = [];
    const handler = new BufferedHandler(
      () => new Promise<void>((resolve) => void releases.push(resolve)),
      { size: 1, clock: new ManualClock() },
    );
    let accepted = 0;
    const feeding = (async () => {
      for (const step of [1, 2, 3]) {
        await handler.handle(loss(1, step));
        accepted += 1;
      }
    })();
    for (let n = 0; n < 3; n += 1) {
      await settle();
      expect([accepted, releases.length]).toEqual([n, n + 1]);
      releases[n]?.();
    }
    await feeding;
  });

  it("reports a failure of its function by the next message or flush, and continues", async () => {
    const clock = new ManualClock();
    const batches: number[] = [];
    const give = (batch: StreamMessage[]) => {
      if (batch.length === 1) throw new Error("refused");
      batches.push(batch.length);
    };
    const handler = new BufferedHandler(give, { size: 2, seconds: 1, clock });
    await handler.handle(loss(1, 1));
    await clock.advance(1_000);
    await expect(handler.handle(loss(1, 2))).rejects.toThrow("refused");
    await handler.handle(loss(1, 3));
    expect(batches).toEqual([2]);
    await handler.handle(loss(1, 4));
    await expect(handler.flush()).rejects.toThrow("refused");
  });

  it("refuses a size or time that is none", () => {
    expect(() => new BufferedHandler(() => {}, { size: 0 })).toThrow(/maxBufferSize/);
    expect(() => new BufferedHandler(() => {}, { flushInterval: 0 })).toThrow(/flushInterval/);
    expect(() => new BufferedHandler(() => {}, { size: 1, maxBufferSize: 1 })).toThrow(/the same/);
    expect(() => new BufferedHandler({ maxBufferSize: 1 })).toThrow(/processBatch/);
    const misspelt = { flush_interval: 5 } as never;
    expect(() => new BufferedHandler(() => {}, misspelt)).toThrow(/no flush_interval; it takes/);
  });

  it("gives its batches to a subclass", async () => {
    const batches: (number | null)[][] = [];
    class Collecting extends BufferedHandler {
      override processBatch(batch: StreamMessage[]) {
        batches.push(steps(batch));
      }
    }
    const handler = new Collecting({ flushInterval: 5, maxBufferSize: 2 });
    for (const step of [1, 2, 3]) await handler.handle(loss(1, step));
    await handler.flush();
    expect(batches).toEqual([[1, 2], [3]]);
  });
});
