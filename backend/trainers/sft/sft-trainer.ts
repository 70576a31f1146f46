import type { numpy as np } from "@jax-js/jax";
import { z } from "zod";
import type { SftConfig } from "../config.ts";
import { batchArrays, crossEntropy, encodeWords } from "../pronunciation/batch.ts";
import { Evaluator } from "../pronunciation/evaluator.ts";
import { initialWeights, type ModelShape, type Parameters } from "../pronunciation/model.ts";
import { compileUpdate, freshOptimizer, type OptimizerState } from "../pronunciation/optimizer.ts";
import { optimizerTensors, restoreOptimizer } from "../pronunciation/optimizer-snapshot.ts";
import { WordOrder, type WordSplit } from "../pronunciation/words.ts";
import { type LiveRate, learningRateAt, type ScheduleSettings } from "../toolkit/schedule.ts";
import type { Evaluation, Snapshot, StepResult, Trainer } from "../trainer.ts";

export const liveRateSchema = z
  .object({ value: z.number(), step: z.number() })
  .nullable() satisfies z.ZodType<LiveRate | null>;
export const orderSchema = z.object({ pass: z.number(), position: z.number() });

const stateSchema = z.object({
  step: z.int(),
  updates: z.int(),
  order: orderSchema,
  live: liveRateSchema,
});

/** Supervised training on dictionary words: cross-entropy of the phonemes given the letters. */
export class SftTrainer implements Trainer {
  readonly totalSteps: number;
  readonly totalEpochs: number;
  readonly phase = "training";
  readonly #config: SftConfig;
  readonly #words: WordSplit;
  readonly #schedule: ScheduleSettings;
  readonly #update: ReturnType<typeof compileUpdate>;
  readonly #evaluator: Evaluator;
  readonly #now: () => number;
  #optimizer: OptimizerState;
  #order: WordOrder;
  #step = 0;
  #live: LiveRate | null = null;

  /** `now`: milliseconds, for throughput only. */
  constructor(config: SftConfig, words: WordSplit, now: () => number = () => performance.now()) {
    this.#config = config;
    this.#words = words;
    this.#now = now;
    this.totalEpochs = config.epochs;
    this.totalSteps = config.epochs * config.steps_per_epoch;
    this.#schedule = {
      base: config.learning_rate,
      warmupSteps: config.warmup_steps,
      totalSteps: this.totalSteps,
      finalRatio: config.final_learning_rate_ratio,
    };
    this.#update = compileUpdate(
      config,
      { weightDecay: config.weight_decay, maxGradientNorm: config.max_grad_norm },
      supervisedLoss(config),
    );
    this.#evaluator = new Evaluator(config, words.heldOut.slice(0, config.eval_samples));
    this.#optimizer = freshOptimizer(config, initialWeights(config, config.seed));
    this.#order = new WordOrder(words.train, config.seed);
  }

  get step(): number {
    return this.#step;
  }

  get epoch(): number {
    return Math.ceil(this.#step / this.#config.steps_per_epoch);
  }

  get atEpochEnd(): boolean {
    return this.#step > 0 && this.#step % this.#config.steps_per_epoch === 0;
  }

  get learningRate(): number {
    return learningRateAt(this.#step + 1, this.#schedule, this.#live);
  }

  setLearningRate(value: number): void {
    this.#live = { value, step: this.#step + 1 };
  }

  trainStep(): StepResult {
    const started = this.#now();
    const rate = this.learningRate;
    const batch = encodeWords(this.#order.take(this.#config.batch_size));
    const { loss, gradientNorm } = this.#update(this.#optimizer, batchArrays(batch), rate);
    this.#step += 1;
    const tokensPerSecond = (batch.tokenCount * 1000) / Math.max(0.01, this.#now() - started);
    return supervisedResult({ loss, gradientNorm, rate, tokensPerSecond });
  }

  evaluate(): Evaluation {
    const { loss, exactMatch, charErrorRate, samples } = this.#evaluator.evaluate(
      this.#optimizer.parameters,
    );
    return {
      metrics: {
        "eval/loss": loss,
        "eval/exact_match": exactMatch,
        "eval/char_error_rate": charErrorRate,
      },
      samples,
    };
  }

  snapshot(): Snapshot {
    const state: z.infer<typeof stateSchema> = {
      step: this.#step,
      updates: this.#optimizer.updates,
      order: this.#order.state,
      live: this.#live,
    };
    return { state, tensors: optimizerTensors(this.#config, this.#optimizer) };
  }

  restore({ state, tensors }: Snapshot): void {
    const { step, updates, order, live } = stateSchema.parse(state);
    this.#optimizer = restoreOptimizer(this.#config, this.#optimizer, tensors, updates);
    this.#order = new WordOrder(this.#words.train, this.#config.seed, order);
    this.#step = step;
    this.#live = live;
  }
}

/** Cross-entropy as the optimizer expects it; the loss is its only metric. */
export function supervisedLoss(shape: ModelShape) {
  return (parameters: Parameters, batch: np.Array[]): [np.Array, np.Array] => {
    const loss = crossEntropy(shape, parameters, batch);
    return [loss.ref, loss];
  };
}

/** Metrics and summary of one supervised step. */
export function supervisedResult(of: {
  loss: number;
  gradientNorm: number;
  rate: number;
  tokensPerSecond: number;
}): StepResult {
  return {
    metrics: {
      "train/loss": of.loss,
      "train/learning_rate": of.rate,
      "train/grad_norm": of.gradientNorm,
      "train/tokens_per_second": of.tokensPerSecond,
    },
    summary: `loss ${of.loss.toFixed(4)}  rate ${of.rate.toExponential(2)}  grad ${of.gradientNorm.toFixed(2)}  ${Math.round(of.tokensPerSecond)} tok/s`,
    finite: Number.isFinite(of.loss) && Number.isFinite(of.gradientNorm),
  };
}
