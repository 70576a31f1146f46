import type { Floats } from "./toolkit/numbers.ts";

/** Values by series name, such as `train/loss`. */
export type Metrics = Record<string, number>;

/** The model's current prediction for one held-out sample. */
export interface EvaluatedSample {
  sample_index: number;
  prompt: string;
  prediction: string;
  ground_truth: string;
  /** How many tokens were generated. */
  tokens: number;
  latency_ms: number;
}

export interface Evaluation {
  metrics: Metrics;
  samples: EvaluatedSample[];
}

/** The complete training state: plain JSON and named float32 arrays. */
export interface Snapshot {
  state: unknown;
  tensors: { name: string; data: Floats }[];
}

export interface StepResult {
  metrics: Metrics;
  /** One line for the log, without the step number. */
  summary: string;
  /** Whether loss and gradient are finite; if not, training has diverged. */
  finite: boolean;
}

/**
 * A model in training that the train loop advances step by step. All randomness comes from seeded
 * generators that are part of the snapshot, so a restored run is bit-exact. `Live`: its live parameters.
 */
export interface Trainer<Live extends string = string> {
  readonly totalSteps: number;
  readonly totalEpochs: number;
  /** Completed steps. */
  readonly step: number;
  /** Epoch of the last completed step, counted from 1; 0 before the first and in a warm start. */
  readonly epoch: number;
  /** The phase of the next step. */
  readonly phase: "warmup" | "training";
  /** Whether the last completed step ended an epoch or the warm start. */
  readonly atEpochEnd: boolean;
  /** Values of the live parameters in the next step. */
  readonly live: Readonly<Record<Live, number>>;
  /** Sets a live parameter from the next step on; a schedule continues from there. */
  setLive(name: Live, value: number): void;
  trainStep(): StepResult;
  /** Evaluates on the held-out samples. */
  evaluate(): Evaluation;
  snapshot(): Snapshot;
  restore(snapshot: Snapshot): void;
}
