import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JobKind } from "@signalbox/protocol/job/job";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Metrics, Trainer } from "../trainer.ts";
import type { Reporter } from "./reporter.ts";
import { TrainingEvents } from "./training-events.ts";

type Sent = { type: string; level: string; message: string; data: Record<string, unknown> };

let folder: string;
let sent: Sent[];
let clock: number;
let trainer: Trainer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-events-"));
  sent = [];
  clock = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (step: number, totalSteps: number): Trainer => ({
  totalSteps,
  totalEpochs: 10,
  step,
  epoch: Math.ceil((10 * step) / totalSteps),
  phase: "training",
  atEpochEnd: false,
  live: {},
  setLive: () => {},
  trainStep: () => ({ metrics: {}, summary: "", finite: true }),
  evaluate: () => ({ metrics: {}, samples: [] }),
  snapshot: () => ({ state: {}, tensors: [] }),
  restore: () => {},
});

const silent = () => {};
const reporter: Reporter = {
  metrics: silent,
  predictions: silent,
  log: silent,
  status: silent,
  send: silent,
  answer: silent,
  event: (type, level, message, data = {}) => sent.push({ type, level, message, data }),
};

/** The events of a process that begins at a step. */
function begin(step: number, totalSteps: number, { kind = "sft" as JobKind, attempt = 1 } = {}) {
  trainer = at(step, totalSteps);
  const position = new Proxy(trainer, { get: (_, name) => Reflect.get(trainer, name) });
  return new TrainingEvents({
    kind,
    trainer: position,
    reporter,
    folder,
    attempt,
    now: () => clock,
  });
}

/** Trains up to a step, each of which takes `ms`. */
function train(
  events: TrainingEvents,
  to: number,
  ms: number,
  metrics: Metrics = { "train/loss": 0.5 },
) {
  while (trainer.step < to) {
    clock += ms;
    trainer = at(trainer.step + 1, trainer.totalSteps);
    events.step(metrics);
  }
}

const types = () => sent.map(({ type }) => type);
const stepsOf = (type: string) =>
  sent.filter((event) => event.type === type).map(({ data }) => data.step);

describe("the events of a training", () => {
  it("say that it started, how far it is, its loss and its evaluations, in words and in numbers", () => {
    const events = begin(0, 2000);
    events.started();
    train(events, 1, 10);
    trainer = at(200, 2000);
    const sample = { sample_index: 0, prompt: "", prediction: "", ground_truth: "" };
    const samples = [{ ...sample, tokens: 1, latency_ms: 1 }];
    events.evaluated({ metrics: { "eval/exact_match": 0.412, "eval/loss": 0.8 }, samples });
    const place = { total_steps: 2000, total_epochs: 10 };
    const first = { ...place, step: 1, epoch: 1, progress: 1 / 2000, loss: 0.5 };
    expect(sent).toEqual([
      {
        type: "sft.training.started",
        level: "info",
        message: "Training started: 2,000 steps in 10 epochs",
        data: { ...place, step: 0, epoch: 0, progress: 0 },
      },
      {
        type: "sft.progress",
        level: "info",
        message: "Step 1 of 2,000 (0 %), loss 0.5000",
        data: first,
      },
      { type: "sft.loss", level: "info", message: "Step 1: loss 0.5000", data: first },
      {
        type: "sft.validation.summary",
        level: "info",
        message: "Epoch 1 of 10: exact match 41.2 %, loss 0.8000",
        data: {
          ...place,
          step: 200,
          epoch: 1,
          progress: 0.1,
          exact_match: 0.412,
          loss: 0.8,
          samples: 1,
        },
      },
    ]);
  });

  it("of a policy gradient name reward and KL, and a loss only in steps that have one", () => {
    const events = begin(0, 100, { kind: "rl" });
    events.started();
    train(events, 1, 10, { "train/loss": 2 });
    const policy = { "train/reward_mean": 0.4, "train/policy_loss": -0.1, "train/kl": 0.002 };
    train(events, 3, 10, policy);
    expect(types()).toEqual(["rl.training.started", "rl.train.step", "rl.loss", "rl.train.step"]);
    expect(sent.at(-1)).toMatchObject({
      message: "Step 3 of 100 (3 %), reward mean 0.4000, policy loss -0.1000, kl 0.0020",
      data: { step: 3, total_steps: 100, reward_mean: 0.4, policy_loss: -0.1, kl: 0.002 },
    });
  });

  it("of a trainer of any other kind need no code of its own", () => {
    const events = begin(0, 10, { kind: "other" });
    events.started();
    train(events, 1, 10);
    expect(types()).toEqual(["training.started", "training.progress", "training.loss"]);
  });
});

describe("the pace of progress", () => {
  it("is every 2 % of fast steps, with the first and the last one", () => {
    train(begin(0, 10_000), 10_000, 0.1);
    const steps = stepsOf("sft.progress");
    expect(steps.slice(0, 3)).toEqual([1, 201, 401]);
    expect(steps.at(-1)).toBe(10_000);
    expect(steps).toHaveLength(51);
    expect(stepsOf("sft.loss")).toEqual(steps);
  });

  it("is at most one a second and 200 a run for slow steps", () => {
    train(begin(0, 10_000), 10_000, 100);
    expect(stepsOf("sft.progress")).toHaveLength(201);
    sent = [];
    train(begin(0, 400, { attempt: 2 }), 400, 250);
    expect(stepsOf("sft.progress").slice(0, 4)).toEqual([1, 5, 9, 13]);
  });

  it("is every step of a training of few steps", () => {
    train(begin(0, 20), 20, 10);
    expect(stepsOf("sft.progress")).toHaveLength(20);
  });
});

describe("a training that continues from a checkpoint", () => {
  it("reports progress from there on, and the checkpoint's own step not again", () => {
    train(begin(0, 1000), 300, 1);
    sent = [];
    train(begin(300, 1000, { attempt: 2 }), 400, 1);
    expect(stepsOf("sft.progress")).toEqual([320, 340, 360, 380, 400]);
  });

  it("does not report again what a crashed process of its attempt reported", () => {
    const crashed = begin(0, 1000);
    crashed.started();
    train(crashed, 430, 1);
    crashed.evaluated({ metrics: {}, samples: [] });
    const before = stepsOf("sft.progress");
    train(begin(400, 1000), 500, 1);
    expect(before.at(-1)).toBe(421);
    expect(stepsOf("sft.progress").slice(before.length)).toEqual([440, 460, 480, 500]);
    begin(0, 1000).started();
    expect(types().filter((type) => type === "sft.training.started")).toHaveLength(1);
  });

  it("reports repeated steps if a person resumed it from an earlier checkpoint", () => {
    train(begin(0, 1000), 430, 1);
    sent = [];
    train(begin(200, 1000, { attempt: 2 }), 240, 1);
    expect(stepsOf("sft.progress")).toEqual([220, 240]);
  });
});
