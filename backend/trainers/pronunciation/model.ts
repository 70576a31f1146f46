import { nn, numpy as np } from "@jax-js/jax";
import type { Floats } from "../toolkit/numbers.ts";
import { Random } from "../toolkit/random.ts";
import type { ModelShape } from "./config-fields.ts";
import {
  CLASSES,
  INPUT_LENGTH,
  OUTPUT_LENGTH,
  PREFIX_LENGTH,
  VOCABULARY_SIZE,
} from "./vocabulary.ts";

/** Weights by name. Arrays have move semantics: an operation consumes them unless given `.ref`. */
export type Parameters = Record<string, np.Array>;

export interface WeightSpec {
  name: string;
  shape: number[];
  /** Standard deviation of the initial values; 0 means all ones (the gain of a norm). */
  standardDeviation: number;
  /** Whether weight decay applies. */
  decays: boolean;
}

/** Every weight of the model, in the fixed order in which checkpoints store them. */
export function weightSpecs({ width, layers }: ModelShape): WeightSpec[] {
  const spec = (
    name: string,
    shape: number[],
    standardDeviation: number,
    decays = true,
  ): WeightSpec => ({
    name,
    shape,
    standardDeviation,
    decays,
  });
  const gain = (name: string) => spec(name, [width], 0, false);
  const inner = 1 / Math.sqrt(width);
  // Residual branches are scaled down by depth, as in GPT-2, for a stable start of training.
  const outer = inner / Math.sqrt(2 * layers);
  const blocks = Array.from({ length: layers }, (_, i) => [
    gain(`block${i}.norm1`),
    spec(`block${i}.query`, [width, width], inner),
    spec(`block${i}.key`, [width, width], inner),
    spec(`block${i}.value`, [width, width], inner),
    spec(`block${i}.out`, [width, width], outer),
    gain(`block${i}.norm2`),
    spec(`block${i}.up`, [width, 4 * width], inner),
    spec(`block${i}.down`, [4 * width, width], outer / 2),
  ]);
  return [
    spec("tokens", [VOCABULARY_SIZE, width], 0.5, false),
    spec("positions", [INPUT_LENGTH, width], 0.5, false),
    ...blocks.flat(),
    gain("norm"),
    spec("head", [width, CLASSES], inner / 2),
  ];
}

/** Initial weights as plain numbers, drawn from the run's seed. */
export function initialWeights(shape: ModelShape, seed: number): Floats[] {
  const random = Random.seeded(seed, "weights");
  return weightSpecs(shape).map(({ shape: dims, standardDeviation }) => {
    const size = dims.reduce((a, b) => a * b, 1);
    return standardDeviation === 0
      ? new Float32Array(size).fill(1)
      : Float32Array.from({ length: size }, () => random.normal() * standardDeviation);
  });
}

/** Converts plain numbers to the model's arrays; inverse of `fromParameters`. */
export function toParameters(shape: ModelShape, weights: readonly Floats[]): Parameters {
  const entries = weightSpecs(shape).map(({ name, shape: dims }, i): [string, np.Array] => {
    const data = weights[i];
    if (data?.length !== dims.reduce((a, b) => a * b, 1)) {
      throw new Error(`weight ${name} does not fit this model`);
    }
    // The array library takes ownership of the buffer.
    return [name, np.array(data.slice(), { shape: dims })];
  });
  return Object.fromEntries(entries);
}

/** Copies arrays to plain numbers without consuming them. */
export function fromParameters(shape: ModelShape, parameters: Parameters): Floats[] {
  return weightSpecs(shape).map(({ name }) => floats(weight(parameters, name).ref));
}

/** The numbers of a float32 array; consumes it. */
export function floats(array: np.Array): Floats {
  const data = array.dataSync();
  if (!(data instanceof Float32Array)) throw new Error(`expected float32, got ${array.dtype}`);
  return data.slice();
}

export function weight(parameters: Parameters, name: string): np.Array {
  const found = parameters[name];
  if (!found) throw new Error(`the model has no weight ${name}`);
  return found;
}

/** Root-mean-square norm with a gain (Zhang & Sennrich 2019). */
export function rmsNorm(x: np.Array, gain: np.Array): np.Array {
  const scale = np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(1e-5));
  return x.div(scale).mul(gain);
}

/**
 * Attention mask, added to the scores (0 or −1e9, [1, 1, T, T]): letters and separator attend to one
 * another, a phoneme attends to the word and to the phonemes before it.
 */
export function attentionMask(): Floats {
  return Float32Array.from({ length: INPUT_LENGTH * INPUT_LENGTH }, (_, i) => {
    const from = Math.floor(i / INPUT_LENGTH);
    const to = i % INPUT_LENGTH;
    return to <= from || to < PREFIX_LENGTH ? 0 : -1e9;
  });
}

/**
 * Logits of the next phoneme at every output position.
 * `tokens` int32 [B, INPUT_LENGTH] → float32 [B, OUTPUT_LENGTH, CLASSES]. Consumes all its arguments.
 */
export function forward(
  parameters: Parameters,
  tokens: np.Array,
  { width, layers, heads }: ModelShape,
): np.Array {
  const batch = tokens.shape[0] ?? 0;
  const perHead = width / heads;
  const oneHot = nn.oneHot(tokens.reshape([batch * INPUT_LENGTH]), VOCABULARY_SIZE);
  let x = np
    .matmul(oneHot, weight(parameters, "tokens"))
    .reshape([batch, INPUT_LENGTH, width])
    .add(weight(parameters, "positions"));
  const mask = np.array(attentionMask(), { shape: [1, 1, INPUT_LENGTH, INPUT_LENGTH] });
  const split = (y: np.Array) =>
    y.reshape([batch, INPUT_LENGTH, heads, perHead]).transpose([0, 2, 1, 3]);

  for (let i = 0; i < layers; i++) {
    const of = (name: string) => weight(parameters, `block${i}.${name}`);
    const normed = rmsNorm(x.ref, of("norm1"));
    const query = split(np.matmul(normed.ref, of("query")));
    const key = split(np.matmul(normed.ref, of("key")));
    const value = split(np.matmul(normed, of("value")));
    const scores = np.matmul(query, key.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(perHead));
    const attention = nn.softmax(scores.add(mask.ref), -1);
    const mixed = np
      .matmul(attention, value)
      .transpose([0, 2, 1, 3])
      .reshape([batch, INPUT_LENGTH, width]);
    x = x.add(np.matmul(mixed, of("out")));
    const wide = nn.relu(np.matmul(rmsNorm(x.ref, of("norm2")), of("up")));
    x = x.add(np.matmul(wide, of("down")));
  }
  mask.dispose();
  const outputs = x.slice([], [PREFIX_LENGTH - 1, PREFIX_LENGTH - 1 + OUTPUT_LENGTH]);
  return np.matmul(rmsNorm(outputs, weight(parameters, "norm")), weight(parameters, "head"));
}
