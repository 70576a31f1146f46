import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { StreamMessage } from "../stream/message.ts";
import type { Job } from "../types.ts";
import { RichHandler } from "./rich-handler.ts";
import {
  emptyState,
  progressBar,
  type RichState,
  shownSeries,
  sparkline,
  withMessage,
} from "./rich-state.ts";

const common = {
  timestamp: "2026-11-20T12:04:31.000Z",
  job_id: "a",
  seq: 1,
  phase: null,
  key: "k",
};
const point = (name: string, value: number, step: number, epoch: number | null = null) =>
  ({ ...common, stream_type: "metrics", data: { name, value, epoch }, step }) as StreamMessage;
const event = (text: string) =>
  ({
    ...common,
    stream_type: "events",
    step: null,
    data: { type: "note", level: "info", message: text, data: {} },
  }) as StreamMessage;
const status = (to: string) =>
  ({
    ...common,
    stream_type: "status",
    step: null,
    data: { status: to, from: "running", reason: null, actor: null, attempt: 1 },
  }) as StreamMessage;

const after = (...messages: StreamMessage[]): RichState => messages.reduce(withMessage, emptyState);

describe("the live display's state", () => {
  it("knows the furthest step and epoch, whichever series lags, and no machine's", () => {
    const state = after(
      point("train/loss", 1, 40, 2),
      point("eval/loss", 2, 0, 1),
      point("system/gpu", 90, 9_999),
    );
    expect(state).toMatchObject({ step: 40, epoch: 2 });
    expect(state.latest.get("eval/loss")).toEqual({ value: 2, step: 0 });
  });

  it("draws train/loss once there is one, another loss or the reward until then", () => {
    expect(after(point("train/kl", 1, 1)).lossName).toBeNull();
    const reward = [point("train/reward_mean", 1, 1), point("eval/loss", 3, 1)];
    expect(after(...reward)).toMatchObject({ lossName: "eval/loss", loss: [3] });
    const both = after(...reward, point("train/loss", 2, 1), point("eval/loss", 4, 2));
    expect(both).toMatchObject({ lossName: "train/loss", loss: [2] });
  });

  it("stays small, however many messages arrive", () => {
    let state = emptyState;
    for (let n = 0; n < 2_000; n += 1) {
      state = withMessage(state, point(`s${n}`, n, n));
      state = withMessage(state, point("train/loss", n, n));
      state = withMessage(state, event(`e${n}`));
    }
    expect(state.latest.size).toBe(200);
    expect(state.loss).toHaveLength(600);
    expect(state.lines).toHaveLength(8);
    expect(state.lines.at(-1)?.text).toContain("e1999");
  });

  it("learns from the timeline how far the trainer will go", () => {
    const timeline = {
      ...common,
      stream_type: "timeline",
      step: null,
      data: { phase: "training", metadata: { total_steps: 40, total_epochs: 2 } },
    } as StreamMessage;
    expect(after(timeline, event("x"))).toMatchObject({ totalSteps: 40, totalEpochs: 2 });
  });

  it("shows the same series whichever was reported last, machine figures if there is room", () => {
    const points = ["system/gpu", "train/loss", "eval/loss"].map((name) => point(name, 1, 1));
    for (const order of [points, points.toReversed()]) {
      expect(shownSeries(after(...order), 3).map(({ name }) => name)).toEqual([
        "eval/loss",
        "train/loss",
        "system/gpu",
      ]);
      expect(shownSeries(after(...order), 1)).toHaveLength(1);
    }
  });

  it("keeps other events in view while progress comes in", () => {
    const progress = (type: string, step: number) => {
      const data = { type, level: "info", message: `at ${step}`, data: {} };
      return { ...common, stream_type: "events", step, data } as StreamMessage;
    };
    const steps = Array.from({ length: 50 }, (_, step) => step);
    const state = after(
      event("keep"),
      ...steps.flatMap((step) => [progress("sft.progress", step), progress("sft.loss", step)]),
    );
    const shown = state.lines.map(({ text }) => text.replace(/^\S+ /, ""));
    expect(shown).toEqual([
      "events info note: keep",
      "events info sft.progress: at 49 step 49",
      "events info sft.loss: at 49 step 49",
    ]);
  });

  it("draws lines and bars", () => {
    expect(sparkline([1, 2, 3, 4, 5, 6, 7, 8], 8)).toBe("▁▂▃▄▅▆▇█");
    expect(sparkline([1, Number.NaN, 3], 10)).toBe("▁ █");
    expect(sparkline([5, 5], 2)).toBe("▄▄");
    expect(sparkline([], 5)).toBe("");
    expect(sparkline([0, 0, 9, 9], 2)).toBe("▁█");
    expect(sparkline([Infinity, Number.NaN], 2)).toBe("  ");
    expect([progressBar(0.5, 4), progressBar(2, 3), progressBar(-1, 2)]).toEqual([
      "██░░",
      "███",
      "░░",
    ]);
  });
});

function terminal(isTTY: boolean, rows = 24) {
  const stream = Object.assign(new PassThrough(), { columns: 80, rows, isTTY });
  const written: string[] = [];
  stream.on("data", (chunk: Buffer) => written.push(chunk.toString()));
  // What ink asks of a terminal is there; a whole one would need a device.
  return { output: stream as unknown as NodeJS.WriteStream, text: () => written.join("") };
}

const job = { name: "g2p \u001b[31mred", status: "running", total_steps: 100, total_epochs: 4 };

describe("RichHandler", () => {
  it("shows progress, figures, the loss and what happened, and leaves them standing", async () => {
    const { output, text } = terminal(true);
    const handler = new RichHandler({ output, colour: false });
    await handler.begin(job as Job);
    for (let step = 0; step <= 50; step += 1)
      await handler.handle(point("train/loss", 1 / (step + 1), step, 2));
    await handler.handle(event("\u001b[2Jepoch done"));
    await handler.handle(status("succeeded"));
    handler.flush();
    await handler.close();
    const seen = stripVTControlCharacters(text());
    const last = seen.slice(seen.lastIndexOf("g2p red"));
    expect(last).toContain("g2p red  succeeded  step 50 / 100 · epoch 2 / 4");
    expect(last).toContain("100%");
    expect(last).toMatch(/train\/loss +0\.01961 {2}step 50/);
    expect(last).toMatch(/train\/loss █[▁-█]+/);
    expect(last).toContain("events info note: epoch done");
    expect(text()).not.toContain("\u001b[31m");
  });

  it("keeps within a low terminal", async () => {
    const { output, text } = terminal(true, 12);
    const handler = new RichHandler({ output, colour: false });
    await handler.begin(job as Job);
    for (let n = 0; n < 30; n += 1) {
      await handler.handle(point(`train/s${n}`, n, n));
      await handler.handle(event(`event ${n}`));
    }
    await handler.handle(point("train/loss", 1, 30));
    handler.flush();
    await handler.close();
    const seen = stripVTControlCharacters(text());
    const last = seen.slice(seen.lastIndexOf("g2p red")).trimEnd();
    expect(last.split("\n").length).toBeLessThan(12);
    expect(last).toContain("event 29");
  });

  it("writes plain lines where the output is no terminal", async () => {
    const { output, text } = terminal(false);
    const handler = new RichHandler({ output });
    await handler.begin(job as Job);
    await handler.handle(point("train/loss", 0.5, 1));
    handler.flush();
    await handler.close();
    expect(text()).toMatch(/^\d\d:\d\d:\d\d metrics train\/loss 0\.5 step 1\n$/);
  });
});
