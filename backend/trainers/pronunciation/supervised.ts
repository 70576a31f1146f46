import type { numpy as np } from "@jax-js/jax";
import type { StepResult } from "../trainer.ts";
import { crossEntropy } from "./batch.ts";
import type { ModelShape } from "./config-fields.ts";
import type { Parameters } from "./model.ts";

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
