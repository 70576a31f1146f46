import { numpy as np, tree } from "@jax-js/jax";
import { z } from "zod";
import { batchArrays, encode, encodeWords } from "../pronunciation/batch.ts";
import { Decoder, sampling } from "../pronunciation/decoder.ts";
import { Evaluator } from "../pronunciation/evaluator.ts";
import {
  fromParameters,
  initialWeights,
  type Parameters,
  toParameters,
} from "../pronunciation/model.ts";
import { compileUpdate, freshOptimizer, type OptimizerState } from "../pronunciation/optimizer.ts";
import {
  optimizerTensors,
  restoreOptimizer,
  weightsFrom,
  weightTensors,
} from "../pronunciation/optimizer-snapshot.ts";
import { mean, reward, standardDeviation } from "../pronunciation/quality.ts";
import { supervisedLoss, supervisedResult } from "../pronunciation/supervised.ts";
import { fromClasses } from "../pronunciation/vocabulary.ts";
import { orderStateSchema, type Word, WordOrder, type WordSplit } from "../pronunciation/words.ts";
import type { Floats } from "../toolkit/numbers.ts";
import { Random, randomStateSchema } from "../toolkit/random.ts";
import {
  type LiveRate,
  learningRateAt,
  liveRateSchema,
  type ScheduleSettings,
} from "../toolkit/schedule.ts";
import type { Evaluation, Snapshot, StepResult, Trainer } from "../trainer.ts";
import type { RlConfig } from "./config.ts";
import { compileReference, leaveOneOut, POLICY_METRICS, policyLoss } from "./policy-loss.ts";

const stateSchema = z.object({
  step: z.int(),
  updates: z.int(),
  order: orderStateSchema,
  random: randomStateSchema,
  live: liveRateSchema.nullable(),
});

/**
 * Policy gradient on pronunciations sampled from the model: reward 1 − phoneme error rate, with a KL
 * penalty towards the initial model. Starts from given weights or from supervised warm-start steps,
 * which count as steps of epoch 0.
 */
export class RlTrainer implements Trainer<"learning_rate"> {
  readonly totalSteps: number;
  readonly totalEpochs: number;
  readonly #config: RlConfig;
  readonly #words: WordSplit;
  readonly #warmSteps: number;
  readonly #warmSchedule: ScheduleSettings;
  readonly #schedule: ScheduleSettings;
  readonly #supervise: ReturnType<typeof compileUpdate>;
  readonly #reinforce: ReturnType<typeof compileUpdate>;
  readonly #reference: ReturnType<typeof compileReference>;
  readonly #decoder: Decoder;
  readonly #evaluator: Evaluator;
  readonly #now: () => number;
  #optimizer: OptimizerState;
  #frozen: Parameters | null = null;
  #order: WordOrder;
  #random: Random;
  #step = 0;
  #live: LiveRate | null = null;

  /** `start`: initial weights, instead of the warm start; `now`: milliseconds, for throughput. */
  constructor(
    config: RlConfig,
    words: WordSplit,
    start: readonly Floats[] | null = null,
    now: () => number = () => performance.now(),
  ) {
    this.#config = config;
    this.#words = words;
    this.#now = now;
    this.#warmSteps = start || config.init_from_job ? 0 : config.warm_start_steps;
    this.totalEpochs = config.epochs;
    const policySteps = config.epochs * config.steps_per_epoch;
    this.totalSteps = this.#warmSteps + policySteps;
    this.#warmSchedule = {
      base: config.warm_start_learning_rate,
      warmupSteps: Math.min(50, Math.ceil(this.#warmSteps / 4)),
      totalSteps: this.#warmSteps,
      finalRatio: 0.1,
    };
    this.#schedule = {
      base: config.learning_rate,
      warmupSteps: config.warmup_steps,
      totalSteps: policySteps,
      finalRatio: config.final_learning_rate_ratio,
    };
    const adamw = { weightDecay: config.weight_decay, maxGradientNorm: config.max_grad_norm };
    this.#supervise = compileUpdate(config, adamw, supervisedLoss(config));
    this.#reinforce = compileUpdate(config, adamw, policyLoss(config, config.kl_coefficient));
    this.#reference = compileReference(config);
    this.#decoder = new Decoder(config, config.batch_size * config.samples_per_word);
    this.#evaluator = new Evaluator(config, words.heldOut.slice(0, config.eval_samples));
    this.#optimizer = freshOptimizer(config, start ?? initialWeights(config, config.seed));
    this.#order = new WordOrder(words.train, config.seed);
    this.#random = Random.seeded(config.seed, "policy");
    if (this.#warmSteps === 0) this.#beginPolicy();
  }

  get step(): number {
    return this.#step;
  }

  get phase(): "warmup" | "training" {
    return this.#step < this.#warmSteps ? "warmup" : "training";
  }

  get epoch(): number {
    const policyStep = Math.max(0, this.#step - this.#warmSteps);
    return Math.ceil(policyStep / this.#config.steps_per_epoch);
  }

  get atEpochEnd(): boolean {
    const policyStep = this.#step - this.#warmSteps;
    return this.#step > 0 && policyStep >= 0 && policyStep % this.#config.steps_per_epoch === 0;
  }

  get live(): { learning_rate: number } {
    const learning_rate =
      this.phase === "warmup"
        ? learningRateAt(this.#step + 1, this.#warmSchedule, this.#live)
        : learningRateAt(this.#step + 1 - this.#warmSteps, this.#schedule, this.#live);
    return { learning_rate };
  }

  /** Applies until the warm start ends, or to the remaining policy steps. */
  setLive(_: "learning_rate", value: number): void {
    const offset = this.phase === "warmup" ? 0 : this.#warmSteps;
    this.#live = { value, step: this.#step + 1 - offset };
  }

  trainStep(): StepResult {
    const result = this.phase === "warmup" ? this.#warmStep() : this.#policyStep();
    this.#step += 1;
    if (this.#step === this.#warmSteps) this.#beginPolicy();
    return result;
  }

  evaluate(): Evaluation {
    const result = this.#evaluator.evaluate(this.#optimizer.parameters);
    return {
      metrics: {
        "eval/reward_mean": result.reward,
        "eval/exact_match": result.exactMatch,
        "eval/char_error_rate": result.charErrorRate,
      },
      samples: result.samples,
    };
  }

  snapshot(): Snapshot {
    const state: z.infer<typeof stateSchema> = {
      step: this.#step,
      updates: this.#optimizer.updates,
      order: this.#order.state,
      random: this.#random.state,
      live: this.#live,
    };
    const tensors = optimizerTensors(this.#config, this.#optimizer);
    if (this.#frozen) {
      const frozen = fromParameters(this.#config, this.#frozen);
      tensors.push(...weightTensors(this.#config, "reference", frozen));
    }
    return { state, tensors };
  }

  restore({ state, tensors }: Snapshot): void {
    const { step, updates, order, random, live } = stateSchema.parse(state);
    this.#optimizer = restoreOptimizer(this.#config, this.#optimizer, tensors, updates);
    this.#order = new WordOrder(this.#words.train, this.#config.seed, order);
    this.#random = new Random(random);
    this.#step = step;
    this.#live = live;
    if (step >= this.#warmSteps) {
      this.#freeze(weightsFrom(this.#config, "reference", tensors));
    }
  }

  /** Freezes the reference model and resets optimizer moments and schedule for the policy steps. */
  #beginPolicy(): void {
    const weights = fromParameters(this.#config, this.#optimizer.parameters);
    for (const part of ["parameters", "mean", "variance"] as const) {
      tree.dispose(this.#optimizer[part]);
    }
    this.#optimizer = freshOptimizer(this.#config, weights);
    this.#freeze(weights);
    this.#live = null;
  }

  #freeze(weights: readonly Floats[]): void {
    tree.dispose(this.#frozen);
    this.#frozen = toParameters(this.#config, weights);
  }

  #warmStep(): StepResult {
    const started = this.#now();
    const { learning_rate: rate } = this.live;
    const { batch_size, samples_per_word } = this.#config;
    const batch = encodeWords(this.#order.take(batch_size * samples_per_word));
    const { loss, gradientNorm } = this.#supervise(this.#optimizer, batchArrays(batch), rate);
    const tokensPerSecond = (batch.tokenCount * 1000) / Math.max(0.01, this.#now() - started);
    return supervisedResult({ loss, gradientNorm, rate, tokensPerSecond });
  }

  #policyStep(): StepResult {
    if (!this.#frozen) throw new Error("policy steps need a reference model");
    const started = this.#now();
    const { learning_rate: rate } = this.live;
    const perWord = this.#config.samples_per_word;
    const batchWords = this.#order
      .take(this.#config.batch_size)
      .flatMap((word): Word[] => Array.from({ length: perWord }, () => word));
    const choose = sampling(() => this.#random.uniform());
    const sampled = this.#decoder.decode(
      this.#optimizer.parameters,
      batchWords.map((w) => w.spelling),
      choose,
    );
    const rewards = batchWords.map((w, i) => reward(fromClasses(sampled[i] ?? []), w.phonemes));
    const batch = encode(
      batchWords.map(({ spelling }, i) => ({ spelling, classes: sampled[i] ?? [] })),
    );
    const advantages = np.array(Float32Array.from(leaveOneOut(rewards, perWord)));
    const [tokens, ...rest] = batchArrays(batch);
    if (!tokens) throw new Error("the batch has no tokens");
    const reference = this.#reference(tree.ref(this.#frozen), tokens.ref);
    const { gradientNorm, metrics } = this.#reinforce(
      this.#optimizer,
      [tokens, ...rest, advantages, reference],
      rate,
    );
    const [policyLossValue = 0, kl = 0, entropy = 0] = POLICY_METRICS.map((_, i) => metrics[i]);
    const rewardMean = mean(rewards);
    return {
      metrics: {
        "train/reward_mean": rewardMean,
        "train/reward_std": standardDeviation(rewards),
        "train/policy_loss": policyLossValue,
        "train/kl": kl,
        "train/entropy": entropy,
        "train/learning_rate": rate,
        "train/grad_norm": gradientNorm,
        "train/tokens_per_second":
          (batch.tokenCount * 1000) / Math.max(0.01, this.#now() - started),
      },
      summary: `reward ${rewardMean.toFixed(3)}  kl ${kl.toFixed(4)}  entropy ${entropy.toFixed(2)}  rate ${rate.toExponential(2)}`,
      finite: [policyLossValue, kl, gradientNorm].every(Number.isFinite),
    };
  }
}
