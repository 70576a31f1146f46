import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { trainers } from "../registry.ts";
import type { Trainer } from "../trainer.ts";
import { CheckpointStore } from "./checkpoint-store.ts";
import { CommandHandler } from "./command-handler.ts";
import { LiveJournal } from "./live-journal.ts";
import type { Answer } from "./messages.ts";

let folder: string;
let answers: Map<string, Answer>;
let rate: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-commands-"));
  answers = new Map();
  rate = 0.003;
});
afterEach(() => rmSync(folder, { recursive: true }));

const trainer: Trainer = {
  totalSteps: 100,
  totalEpochs: 10,
  step: 42,
  epoch: 5,
  phase: "training",
  atEpochEnd: false,
  get live() {
    return { learning_rate: rate };
  },
  setLive: (_, value) => {
    rate = value;
  },
  trainStep: () => ({ metrics: {}, summary: "", finite: true }),
  evaluate: () => ({ metrics: {}, samples: [] }),
  snapshot: () => ({ state: {}, tensors: [{ name: "w", data: new Float32Array([1, 2]) }] }),
  restore: () => {},
};

function handler(checkpoints = join(folder, "checkpoints")) {
  const store = new CheckpointStore(checkpoints);
  const silent = () => {};
  const made = new CommandHandler({
    trainer,
    configured: trainers.configure({ kind: "sft", config: {} }),
    store,
    reporter: {
      metrics: silent,
      predictions: silent,
      log: silent,
      event: silent,
      status: silent,
      send: silent,
      answer: (id, answer) => answers.set(id, answer),
    },
    journal: new LiveJournal(join(folder, "live.jsonl"), false),
  });
  const give = (id: string, type: string, args: Record<string, unknown> = {}) =>
    made.handle({ type: "command", command: { id, type, args } });
  return { made, store, give };
}

describe("commands between two steps", () => {
  it("acknowledge a release only once its checkpoint is verified on disk, naming it", () => {
    const { give, store } = handler();
    expect(give("c", "pause", { mode: "release" })).toMatchObject({ outcome: "released" });
    const saved = store.lastVerified().found;
    expect(answers.get("c")).toEqual({
      status: "applied",
      applied_step: 42,
      result: { checkpoint_id: saved?.id, step: 42 },
    });
  });

  it("reject a release whose checkpoint can't be saved, and training continues", () => {
    const blocked = join(folder, "not-a-folder");
    writeFileSync(blocked, "");
    const { give, made } = handler(blocked);
    expect(give("c", "pause", { mode: "release" })).toBeNull();
    expect(answers.get("c")).toMatchObject({ status: "rejected" });
    expect(answers.get("c")?.reason).toContain("could not be saved");
    expect(made.held).toBe(false);
  });

  it("hold, take a new learning rate while held, and resume", () => {
    const { give, made } = handler();
    expect(give("p", "pause", { mode: "hold" })).toBeNull();
    expect(made.held).toBe(true);
    give("lr", "update_params", { learning_rate: 0.001 });
    give("r", "resume");
    expect(made.held).toBe(false);
    expect(answers.get("lr")).toEqual({
      status: "applied",
      applied_step: 43,
      old: { learning_rate: 0.003 },
      new: { learning_rate: 0.001 },
    });
  });

  it("reject invalid commands with a reason", () => {
    const { give } = handler();
    give("r", "resume");
    give("x", "dance");
    give("lr", "update_params", { learning_rate: -1 });
    give("none", "update_params", {});
    for (const id of ["r", "x", "lr", "none"]) {
      expect(answers.get(id)).toMatchObject({ status: "rejected", reason: expect.any(String) });
    }
    expect(rate).toBe(0.003);
  });

  it("save and end as interrupted when the backend is lost, remembering a hold", () => {
    const { give, made, store } = handler();
    give("p", "pause", { mode: "hold" });
    const outcome = made.handle({ type: "disconnected" });
    const checkpoint_id = store.lastVerified().found?.id;
    expect(outcome).toMatchObject({ outcome: "interrupted", held: true, checkpoint_id });
  });
});

describe("the journal of live learning rates", () => {
  it("replays them at their steps, until a new one is set", () => {
    const path = join(folder, "journal.jsonl");
    const first = new LiveJournal(path, false);
    first.record(10, { learning_rate: 0.1 });
    first.record(20, { learning_rate: 0.2 });
    const replayed = new LiveJournal(path, true);
    expect([9, 10, 20].map((s) => replayed.replayFor(s).learning_rate)).toEqual([
      undefined,
      0.1,
      0.2,
    ]);
    replayed.record(15, { learning_rate: 0.3 });
    expect(replayed.replayFor(20)).toEqual({});
    expect(new LiveJournal(path, false).replayFor(10)).toEqual({});
  });
});
