import { jit, nn, numpy as np } from "@jax-js/jax";
import { batchParts, targetLogProbability } from "../pronunciation/batch.ts";
import type { ModelShape } from "../pronunciation/config-fields.ts";
import { forward, type Parameters } from "../pronunciation/model.ts";

/** Order of the metrics that the policy loss reports. */
export const POLICY_METRICS = ["policy_loss", "kl", "entropy"] as const;

/**
 * REINFORCE (Williams 1992) with a KL penalty towards the reference model, per phoneme:
 * −advantage · log π(sample) + coefficient · KL(π ‖ reference). The KL is summed over all classes
 * instead of estimated from the sample. Batch: tokens, targets, mask, advantages [B], and the
 * reference's log probabilities [B, OUTPUT_LENGTH, CLASSES].
 */
export function policyLoss(shape: ModelShape, klCoefficient: number) {
  return (parameters: Parameters, batch: np.Array[]): [np.Array, np.Array] => {
    const parts = batchParts(batch, ["tokens", "targets", "mask", "advantages", "reference"]);
    const logPolicy = nn.logSoftmax(forward(parameters, parts.tokens, shape), -1);
    const policy = np.exp(logPolicy.ref);
    const count = parts.mask.ref.sum();

    const chosen = targetLogProbability(logPolicy.ref, parts.targets);
    const weighted = chosen.mul(np.expandDims(parts.advantages, -1)).mul(parts.mask.ref);
    const policyTerm = weighted.sum().mul(-1).div(count.ref);
    const divergence = policy.ref.mul(logPolicy.ref.sub(parts.reference)).sum(-1);
    const kl = divergence.mul(parts.mask.ref).sum().div(count.ref);
    const negativeEntropy = policy.mul(logPolicy).sum(-1);
    const entropy = negativeEntropy.mul(parts.mask).sum().mul(-1).div(count);

    const metrics = np.stack([policyTerm.ref, kl.ref, entropy]);
    return [policyTerm.add(kl.mul(klCoefficient)), metrics];
  };
}

/** Compiles the frozen model's log probabilities: consumes weights and tokens. */
export function compileReference(shape: ModelShape) {
  return jit((parameters: Parameters, tokens: np.Array) =>
    nn.logSoftmax(forward(parameters, tokens, shape), -1),
  );
}

/**
 * Advantage of each sample over the mean of the other samples of its word (leave-one-out baseline,
 * Kool et al. 2019). Rewards are grouped by word.
 */
export function leaveOneOut(rewards: readonly number[], perWord: number): number[] {
  return rewards.map((own, i) => {
    const from = i - (i % perWord);
    const total = rewards.slice(from, from + perWord).reduce((a, b) => a + b, 0);
    return own - (total - own) / (perWord - 1);
  });
}
