import type { Floats } from "./toolkit/numbers.ts";

/** Figures by series name, such as `train/loss`. */
export type Figures = Record<string, number>;

/** One held-out word as the model pronounces it now. */
export interface EvaluatedSample {
  sample_index: number;
  prompt: string;
  prediction: string;
  ground_truth: string;
  /** How many phonemes were generated. */
  tokens: number;
  latency_ms: number;
}

export interface Evaluation {
  figures: Figures;
  samples: EvaluatedSample[];
}

/** All that training depends on: plain JSON and named arrays of float32. */
export interface Snapshot {
  state: unknown;
  tensors: { name: string; data: Floats }[];
}

export interface StepResult {
  figures: Figures;
  /** One line for a person, without the step number. */
  summary: string;
  /** Whether loss and gradient are numbers; if not, the weights are spoiled. */
  finite: boolean;
}

/**
 * A model in training, advanced step by step from outside. Everything random comes from seeded
 * generators in the snapshot, so `restore` continues exactly as if nothing had happened.
 */
export interface Trainer {
  readonly totalSteps: number;
  readonly totalEpochs: number;
  /** Steps done so far. */
  readonly step: number;
  /** Epoch of the last step done, counted from 1; 0 before the first and during a warm start. */
  readonly epoch: number;
  /** What the next step belongs to. */
  readonly phase: "warmup" | "training";
  /** Whether the last step done closed an epoch, or a warm start. */
  readonly atEpochEnd: boolean;
  /** Rate that the next step will use. */
  readonly learningRate: number;
  /** Sets the rate of the next step; the schedule goes on from there. */
  setLearningRate(value: number): void;
  trainStep(): StepResult;
  evaluate(): Evaluation;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}
