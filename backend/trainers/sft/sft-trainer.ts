import { z } from "zod";
import { batchArrays, encodeWords } from "../pronunciation/batch.ts";
import { Evaluator } from "../pronunciation/evaluator.ts";
import { initialWeights } from "../pronunciation/model.ts";
import { compileUpdate, freshOptimizer, type OptimizerState } from "../pronunciation/optimizer.ts";
import { optimizerTensors, restoreOptimizer } from "../pronunciation/optimizer-snapshot.ts";
import { supervisedLoss, supervisedResult } from "../pronunciation/supervised.ts";
import { orderStateSchema, WordOrder, type WordSplit } from "../pronunciation/words.ts";
import {
  type LiveRate,
  learningRateAt,
  liveRateSchema,
  type ScheduleSettings,
} from "../toolkit/schedule.ts";
import type { Evaluation, Snapshot, StepResult, Trainer } from "../trainer.ts";
import type { SftConfig } from "./config.ts";

const stateSchema = z.object({
  step: z.int(),
  updates: z.int(),
  order: orderStateSchema,
  live: liveRateSchema.nullable(),
});

/** Supervised training on dictionary words: cross-entropy of the phonemes given the letters. */
export class SftTrainer implements Trainer<"learning_rate"> {
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

  get live(): { learning_rate: number } {
    return { learning_rate: learningRateAt(this.#step + 1, this.#schedule, this.#live) };
  }

  setLive(_: "learning_rate", value: number): void {
    this.#live = { value, step: this.#step + 1 };
  }

  trainStep(): StepResult {
    const started = this.#now();
    const { learning_rate: rate } = this.live;
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
