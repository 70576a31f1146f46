import { jit, type numpy as np, tree } from "@jax-js/jax";
import type { EvaluatedSample } from "../trainer.ts";
import { batchArrays, crossEntropy, encodeWords } from "./batch.ts";
import type { ModelShape } from "./config-fields.ts";
import { Decoder } from "./decoder.ts";
import type { Parameters } from "./model.ts";
import { errorRate, mean, reward } from "./quality.ts";
import type { Word } from "./words.ts";

const MAX_BATCH = 64;

export interface HeldOutResult {
  /** Cross-entropy per phoneme, nats. */
  loss: number;
  exactMatch: number;
  /** Levenshtein distance ÷ length of the true pronunciation, in code points. */
  charErrorRate: number;
  /** Mean of 1 − phoneme error rate. */
  reward: number;
  samples: EvaluatedSample[];
}

/** Evaluates a model on a fixed list of words: teacher-forced loss and greedy decoding. */
export class Evaluator {
  readonly #words: readonly Word[];
  readonly #batch: number;
  readonly #decoder: Decoder;
  readonly #loss: (parameters: Parameters, batch: np.Array[]) => np.Array;

  constructor(shape: ModelShape, words: readonly Word[]) {
    this.#words = words;
    this.#batch = Math.max(1, Math.min(words.length, MAX_BATCH));
    this.#decoder = new Decoder(shape, this.#batch);
    this.#loss = jit((parameters: Parameters, batch: np.Array[]) =>
      crossEntropy(shape, parameters, batch),
    );
  }

  /** Does not consume the weights. */
  evaluate(parameters: Parameters): HeldOutResult {
    const predictions = this.#decoder.pronounce(
      parameters,
      this.#words.map((w) => w.spelling),
    );
    const samples = this.#words.map(({ spelling, phonemes }, i) => ({
      sample_index: i,
      prompt: spelling,
      prediction: predictions[i]?.text ?? "",
      ground_truth: phonemes.join(" "),
      tokens: predictions[i]?.tokens ?? 0,
      latency_ms: predictions[i]?.latencyMs ?? 0,
    }));
    const over = (measure: (prediction: string, truth: string) => number) =>
      mean(samples.map((s) => measure(s.prediction, s.ground_truth)));
    return {
      loss: this.#meanLoss(parameters),
      exactMatch: over((a, b) => (a === b ? 1 : 0)),
      charErrorRate: over((a, b) => errorRate([...a], [...b])),
      reward: over((a, b) => reward(a.split(" "), b.split(" "))),
      samples,
    };
  }

  #meanLoss(parameters: Parameters): number {
    let total = 0;
    let count = 0;
    for (let at = 0; at < this.#words.length; at += this.#batch) {
      const batch = encodeWords(this.#words.slice(at, at + this.#batch), this.#batch);
      const loss = this.#loss(tree.ref(parameters), batchArrays(batch)).item();
      total += loss * batch.lossCount;
      count += batch.lossCount;
    }
    return total / Math.max(1, count);
  }
}
