import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { init, numpy as np } from "@jax-js/jax";
import type { JobKind } from "@signalbox/protocol/job/job";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConfiguredTrainer } from "./define-trainer.ts";
import { encode } from "./pronunciation/batch.ts";
import { type Chooser, Decoder, greedy } from "./pronunciation/decoder.ts";
import { floats, forward, initialWeights, toParameters } from "./pronunciation/model.ts";
import { CLASSES, INPUT_LENGTH, OUTPUT_LENGTH } from "./pronunciation/vocabulary.ts";
import { loadWords } from "./pronunciation/words.ts";
import { trainers } from "./registry.ts";
import { CheckpointStore } from "./runtime/checkpoint-store.ts";
import type { Evaluation, Trainer } from "./trainer.ts";

const words = loadWords();
const folder = mkdtempSync(join(tmpdir(), "signalbox-trainers-"));
/** An evaluation without its timings, which differ between runs. */
const timeless = ({ metrics, samples }: Evaluation) => ({
  metrics,
  samples: samples.map(({ latency_ms: _, ...sample }) => sample),
});
const answers = (trainer: Trainer) => timeless(trainer.evaluate());

const model = { width: 8, layers: 1, heads: 2, eval_samples: 4, seed: 7 };
const configure = (kind: JobKind, config: Record<string, unknown>) =>
  trainers.configure({ kind, config });
const sft = configure("sft", { ...model, batch_size: 4, epochs: 2, steps_per_epoch: 10 });
const rl = configure("rl", {
  ...model,
  batch_size: 2,
  samples_per_word: 2,
  warm_start_steps: 6,
  epochs: 2,
  steps_per_epoch: 7,
});

beforeAll(async () => {
  await init("wasm");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Metrics of the next steps, without the throughput, which differs between runs. */
function advance(trainer: Trainer, steps: number): Record<string, number>[] {
  return Array.from({ length: steps }, () => {
    const { "train/tokens_per_second": _, ...metrics } = trainer.trainStep().metrics;
    return metrics;
  });
}

async function throughDisk(
  trainer: Trainer,
  config: ConfiguredTrainer,
  name: string,
): Promise<Trainer> {
  const store = new CheckpointStore(join(folder, name));
  const saved = store.save(
    { ...config.reference, step: trainer.step, epoch: trainer.epoch, final: false },
    trainer.snapshot(),
  );
  const fresh = await config.create(null);
  fresh.restore(store.load(saved.id).snapshot);
  return fresh;
}

describe("a run interrupted and resumed from its checkpoint", () => {
  it.each([
    ["supervised", sft, 20, [9]],
    ["policy gradient, in and after the warm start", rl, 20, [4, 6, 13]],
  ])("is bit-exact with an uninterrupted one: %s", async (name, config, steps, cuts) => {
    const uninterrupted = await config.create(null);
    const expected = advance(uninterrupted, steps);
    let trainer = await config.create(null);
    const actual: Record<string, number>[] = [];
    for (const cut of [...cuts, steps]) {
      actual.push(...advance(trainer, cut - trainer.step));
      if (cut < steps) trainer = await throughDisk(trainer, config, `${name}-${cut}`);
    }
    expect(actual).toEqual(expected);
    expect(trainer.snapshot()).toEqual(uninterrupted.snapshot());
    expect(answers(trainer)).toEqual(answers(uninterrupted));
  });

  it("keeps a learning rate that was set live", async () => {
    const uninterrupted = await sft.create(null);
    advance(uninterrupted, 5);
    uninterrupted.setLive("learning_rate", 0.02);
    const resumed = await throughDisk(uninterrupted, sft, "live");
    const expected = advance(uninterrupted, 5);
    expect(expected[0]?.["train/learning_rate"]).toBe(0.02);
    expect(advance(resumed, 5)).toEqual(expected);
  });
});

describe("training", () => {
  it("lowers the loss within sixty small steps", async () => {
    const config = configure("sft", { ...model, width: 16, batch_size: 16, warmup_steps: 5 });
    const losses = advance(await config.create(null), 60).map((f) => f["train/loss"] ?? 0);
    const meanOf = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(meanOf(losses.slice(-10))).toBeLessThan(meanOf(losses.slice(0, 10)) - 0.5);
  });

  it("evaluates the same held-out words on every call", async () => {
    const trainer = await sft.create(null);
    const { metrics, samples } = trainer.evaluate();
    expect(samples).toHaveLength(4);
    expect(samples[0]).toMatchObject({ sample_index: 0, prompt: words.heldOut[0]?.spelling });
    expect(metrics["eval/loss"]).toBeGreaterThan(0);
    expect(answers(trainer)).toEqual(timeless({ metrics, samples }));
  });
});

describe("the decoder with a key-value cache", () => {
  it("computes the logits of the full forward pass", () => {
    const shape = { width: 8, layers: 2, heads: 2 };
    const parameters = toParameters(shape, initialWeights(shape, 5));
    const spellings = ["signal", "box", "lever", "track"];
    const seen: number[][] = [];
    const watching: Chooser = (logits, at) => {
      seen.push(Array.from(logits.slice(at, at + CLASSES)));
      return 1 + (seen.length % (CLASSES - 1));
    };
    const decoded = new Decoder(shape, 4).decode(parameters, spellings, watching);
    const { tokens } = encode(
      decoded.map((classes, i) => ({ spelling: spellings[i] ?? "", classes })),
    );
    const full = floats(forward(parameters, np.array(tokens, { shape: [4, INPUT_LENGTH] }), shape));
    expect(seen).toHaveLength(4 * OUTPUT_LENGTH);
    seen.forEach((scores, i) => {
      const at = ((i % 4) * OUTPUT_LENGTH + Math.floor(i / 4)) * CLASSES;
      scores.forEach((score, c) => {
        expect(score).toBeCloseTo(full[at + c] ?? Number.NaN, 4);
      });
    });
  });

  it("chooses the same phonemes for a word whatever else is in the batch", () => {
    const shape = { width: 8, layers: 2, heads: 2 };
    const parameters = toParameters(shape, initialWeights(shape, 3));
    const decoder = new Decoder(shape, 4);
    const [together] = decoder.decode(parameters, ["signal", "box", "lever", "track"], greedy);
    const [alone] = decoder.decode(parameters, ["signal"], greedy);
    expect(alone).toEqual(together);
  });
});

describe("checkpoints", () => {
  it("falls back to the previous one when a byte has changed, and names the damaged one", async () => {
    const trainer = await sft.create(null);
    const store = new CheckpointStore(join(folder, "damage"));
    const save = () =>
      store.save(
        { ...sft.reference, step: trainer.step, epoch: 0, final: false },
        trainer.snapshot(),
      );
    const first = save();
    advance(trainer, 1);
    const second = save();
    expect(store.lastVerified()).toEqual({ found: second, damaged: [] });
    const path = join(folder, "damage", `${second.id}.ckpt`);
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
    writeFileSync(path, bytes);
    expect(store.lastVerified()).toEqual({ found: first, damaged: [second] });
    expect(store.describe().map((c) => c.verified)).toEqual([true, false]);
    expect(() => store.load(second.id)).toThrow("checksum");
  });

  it("keeps the last three and every final one", async () => {
    const trainer = await sft.create(null);
    const store = new CheckpointStore(join(folder, "pruned"));
    for (const final of [true, false, false, false, false, true]) {
      store.save({ ...sft.reference, step: 0, epoch: 0, final }, trainer.snapshot());
    }
    expect(store.list().map((c) => c.number)).toEqual([1, 3, 4, 5, 6]);
  });
});
