import { nn, numpy as np } from "@jax-js/jax";
import type { Floats, Integers } from "../toolkit/numbers.ts";
import type { ModelShape } from "./config-fields.ts";
import { forward, type Parameters } from "./model.ts";
import {
  CLASSES,
  classToToken,
  INPUT_LENGTH,
  OUTPUT_LENGTH,
  PREFIX_LENGTH,
  toClasses,
  writePrefix,
} from "./vocabulary.ts";
import type { Word } from "./words.ts";

/** Inputs of a batch, with the target class and the weight of each output position. */
export interface EncodedBatch {
  /** int32 [B, INPUT_LENGTH] */
  tokens: Integers;
  /** int32 [B, OUTPUT_LENGTH] */
  targets: Integers;
  /** float32 [B, OUTPUT_LENGTH]: 1 up to END, 0 after it */
  mask: Floats;
  size: number;
  /** Output positions that contribute to the loss, END included. */
  lossCount: number;
  /** Letters, separators and output positions with a loss; the unit of throughput. */
  tokenCount: number;
}

/**
 * Encodes spellings with their target classes (without END), one sequence each. If `size` exceeds the
 * number of rows, the batch is padded with sequences that have no loss.
 */
export function encode(
  rows: readonly { spelling: string; classes: number[] }[],
  size = rows.length,
): EncodedBatch {
  const tokens = new Int32Array(size * INPUT_LENGTH);
  const targets = new Int32Array(size * OUTPUT_LENGTH);
  const mask = new Float32Array(size * OUTPUT_LENGTH);
  let lossCount = 0;
  let tokenCount = 0;
  rows.forEach(({ spelling, classes }, row) => {
    writePrefix(tokens, row * INPUT_LENGTH, spelling);
    classes.forEach((outputClass, i) => {
      targets[row * OUTPUT_LENGTH + i] = outputClass;
      if (i < INPUT_LENGTH - PREFIX_LENGTH) {
        tokens[row * INPUT_LENGTH + PREFIX_LENGTH + i] = classToToken(outputClass);
      }
    });
    const length = Math.min(classes.length + 1, OUTPUT_LENGTH);
    mask.fill(1, row * OUTPUT_LENGTH, row * OUTPUT_LENGTH + length);
    lossCount += length;
    tokenCount += spelling.length + 1 + length;
  });
  return { tokens, targets, mask, size, lossCount, tokenCount };
}

/** Encodes dictionary words with their true pronunciation. */
export function encodeWords(words: readonly Word[], size = words.length): EncodedBatch {
  return encode(
    words.map(({ spelling, phonemes }) => ({ spelling, classes: toClasses(phonemes) })),
    size,
  );
}

/** Converts a batch to arrays: tokens, targets, mask. */
export function batchArrays({ tokens, targets, mask, size }: EncodedBatch): np.Array[] {
  return [
    np.array(tokens, { shape: [size, INPUT_LENGTH] }),
    np.array(targets, { shape: [size, OUTPUT_LENGTH] }),
    np.array(mask, { shape: [size, OUTPUT_LENGTH] }),
  ];
}

/** Names a batch's arrays; throws if one is missing. */
export function batchParts<const N extends readonly string[]>(
  batch: np.Array[],
  names: N,
): { [K in N[number]]: np.Array } {
  const parts = names.map((name, i) => {
    const part = batch[i];
    if (!part) throw new Error(`the batch has no ${name}`);
    return [name, part] as const;
  });
  return Object.fromEntries(parts) as { [K in N[number]]: np.Array };
}

/** Log probability of each target: [B, OUTPUT_LENGTH]. Consumes both arguments. */
export function targetLogProbability(logProbabilities: np.Array, targets: np.Array): np.Array {
  return logProbabilities.mul(nn.oneHot(targets, CLASSES)).sum(-1);
}

/** Mean cross-entropy in nats per position with a loss. Consumes weights and batch. */
export function crossEntropy(
  shape: ModelShape,
  parameters: Parameters,
  batch: np.Array[],
): np.Array {
  const { tokens, targets, mask } = batchParts(batch, ["tokens", "targets", "mask"]);
  const logProbabilities = nn.logSoftmax(forward(parameters, tokens, shape), -1);
  const chosen = targetLogProbability(logProbabilities, targets);
  const total = chosen.mul(mask.ref).sum();
  return total.mul(-1).div(mask.sum());
}
