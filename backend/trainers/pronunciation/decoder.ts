import { jit, nn, numpy as np, tree } from "@jax-js/jax";
import type { Floats, Integers } from "../toolkit/numbers.ts";
import type { ModelShape } from "./config-fields.ts";
import { attentionMask, type Parameters, rmsNorm, weight } from "./model.ts";
import {
  CLASSES,
  classToToken,
  END,
  fromClasses,
  INPUT_LENGTH,
  OUTPUT_LENGTH,
  PREFIX_LENGTH,
  VOCABULARY_SIZE,
  writePrefix,
} from "./vocabulary.ts";

/** Keys and values of every layer, [B, heads, INPUT_LENGTH, width / heads] each. */
type Cache = { keys: np.Array[]; values: np.Array[] };

/** Chooses a class from `logits[at] … logits[at + CLASSES − 1]`. */
export type Chooser = (logits: Floats, at: number) => number;

export const greedy: Chooser = (logits, at) => {
  let best = 0;
  for (let i = 1; i < CLASSES; i++) {
    if ((logits[at + i] ?? 0) > (logits[at + best] ?? 0)) best = i;
  }
  return best;
};

/** Samples from the softmax of the logits by inverse transform; `uniform` returns [0, 1). */
export function sampling(uniform: () => number): Chooser {
  const weights = new Float64Array(CLASSES);
  return (logits, at) => {
    const top = logits[at + greedy(logits, at)] ?? 0;
    let total = 0;
    for (let i = 0; i < CLASSES; i++) {
      weights[i] = Math.exp((logits[at + i] ?? 0) - top);
      total += weights[i] ?? 0;
    }
    let left = uniform() * total;
    for (let i = 0; i < CLASSES; i++) {
      left -= weights[i] ?? 0;
      if (left < 0) return i;
    }
    return CLASSES - 1;
  };
}

export interface Pronunciation {
  /** Phonemes, such as `L AH M B ER T AH N`. */
  text: string;
  /** How many phonemes were generated. */
  tokens: number;
  /** Decoding time in milliseconds, the same for all words of a batch. */
  latencyMs: number;
}

/**
 * Decodes a fixed number of words at a time. A key-value cache makes each further phoneme cost one
 * position instead of a whole forward pass.
 */
export class Decoder {
  readonly #shape: ModelShape;
  readonly #batch: number;
  readonly #step: ReturnType<typeof compileStep>;
  readonly #prefill: ReturnType<typeof compileStep>;

  constructor(shape: ModelShape, batch: number) {
    this.#shape = shape;
    this.#batch = batch;
    this.#prefill = compileStep(shape, batch, PREFIX_LENGTH);
    this.#step = compileStep(shape, batch, 1);
  }

  /** Output classes of each spelling, without END. Does not consume the weights. */
  decode(parameters: Parameters, spellings: readonly string[], choose: Chooser): number[][] {
    const decoded: number[][] = [];
    for (let at = 0; at < spellings.length; at += this.#batch) {
      decoded.push(...this.#decodeBatch(parameters, spellings.slice(at, at + this.#batch), choose));
    }
    return decoded;
  }

  #decodeBatch(parameters: Parameters, spellings: readonly string[], choose: Chooser): number[][] {
    const prefix = new Int32Array(this.#batch * PREFIX_LENGTH);
    spellings.forEach((spelling, row) => {
      writePrefix(prefix, row * PREFIX_LENGTH, spelling);
    });
    const outputs = spellings.map((): number[] => []);
    const open = spellings.map(() => true);
    let cache = emptyCache(this.#shape, this.#batch);
    let run = this.#prefill;
    let tokens = prefix;
    let first = 0;
    for (let position = 0; position < OUTPUT_LENGTH; position++) {
      const [logits, next] = run(parameters, cache, tokens, first);
      cache = next;
      tokens = new Int32Array(this.#batch);
      outputs.forEach((classes, row) => {
        if (!open[row]) return;
        const chosen = choose(logits, row * CLASSES);
        tokens[row] = classToToken(chosen);
        if (chosen === END || position === OUTPUT_LENGTH - 1) open[row] = false;
        else classes.push(chosen);
      });
      if (!open.some(Boolean)) break;
      run = this.#step;
      first = PREFIX_LENGTH + position;
    }
    tree.dispose(cache);
    return outputs;
  }

  /** Greedy pronunciations of any number of spellings. Does not consume the weights. */
  pronounce(parameters: Parameters, spellings: readonly string[]): Pronunciation[] {
    const pronunciations: Pronunciation[] = [];
    for (let at = 0; at < spellings.length; at += this.#batch) {
      const startedAt = performance.now();
      const batch = this.decode(parameters, spellings.slice(at, at + this.#batch), greedy);
      const latencyMs = performance.now() - startedAt;
      for (const classes of batch) {
        pronunciations.push({
          text: fromClasses(classes).join(" "),
          tokens: classes.length,
          latencyMs,
        });
      }
    }
    return pronunciations;
  }
}

function emptyCache({ width, layers, heads }: ModelShape, batch: number): Cache {
  const shape = [batch, heads, INPUT_LENGTH, width / heads];
  const zeros = () => Array.from({ length: layers }, () => np.zeros(shape));
  return { keys: zeros(), values: zeros() };
}

/** Compiles the model for `length` consecutive positions on top of a cache. */
function compileStep({ width, layers, heads }: ModelShape, batch: number, length: number) {
  const perHead = width / heads;
  const mask = attentionMask();

  const run = jit(
    (parameters: Parameters, cache: Cache, tokens: np.Array, place: np.Array, bias: np.Array) => {
      const split = (y: np.Array) =>
        y.reshape([batch, length, heads, perHead]).transpose([0, 2, 1, 3]);
      // place [length, INPUT_LENGTH] is one-hot: it selects the positions and the cache rows to write.
      const kept = np.array(1).sub(place.ref.sum(0)).reshape([1, 1, INPUT_LENGTH, 1]);
      const written = place.ref.transpose([1, 0]).reshape([1, 1, INPUT_LENGTH, length]);
      const store = (old: np.Array, fresh: np.Array) =>
        old.mul(kept.ref).add(np.matmul(written.ref, fresh));

      const oneHot = nn.oneHot(tokens.reshape([batch * length]), VOCABULARY_SIZE);
      let x = np
        .matmul(oneHot, weight(parameters, "tokens"))
        .reshape([batch, length, width])
        .add(np.matmul(place, weight(parameters, "positions")));
      const keys: np.Array[] = [];
      const values: np.Array[] = [];
      for (let i = 0; i < layers; i++) {
        const of = (name: string) => weight(parameters, `block${i}.${name}`);
        const normed = rmsNorm(x.ref, of("norm1"));
        const query = split(np.matmul(normed.ref, of("query")));
        const key = store(cached(cache.keys, i), split(np.matmul(normed.ref, of("key"))));
        const value = store(cached(cache.values, i), split(np.matmul(normed, of("value"))));
        keys.push(key.ref);
        values.push(value.ref);
        const scores = np.matmul(query, key.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(perHead));
        const attention = nn.softmax(scores.add(bias.ref), -1);
        const mixed = np
          .matmul(attention, value)
          .transpose([0, 2, 1, 3])
          .reshape([batch, length, width]);
        x = x.add(np.matmul(mixed, of("out")));
        const wide = nn.relu(np.matmul(rmsNorm(x.ref, of("norm2")), of("up")));
        x = x.add(np.matmul(wide, of("down")));
      }
      for (const used of [kept, written, bias]) used.dispose();
      const last = x.slice([], length - 1);
      const logits = np.matmul(
        rmsNorm(last, weight(parameters, "norm")),
        weight(parameters, "head"),
      );
      return [logits, { keys, values }] as [np.Array, Cache];
    },
  );

  return (
    parameters: Parameters,
    cache: Cache,
    tokens: Integers,
    first: number,
  ): [Floats, Cache] => {
    const place = new Float32Array(length * INPUT_LENGTH);
    for (let i = 0; i < length; i++) place[i * INPUT_LENGTH + first + i] = 1;
    const [logits, next] = run(
      tree.ref(parameters),
      cache,
      np.array(tokens, { shape: [batch, length] }),
      np.array(place, { shape: [length, INPUT_LENGTH] }),
      np.array(mask.slice(first * INPUT_LENGTH, (first + length) * INPUT_LENGTH), {
        shape: [1, 1, length, INPUT_LENGTH],
      }),
    );
    return [Float32Array.from(logits.dataSync()), next];
  };
}

function cached(arrays: np.Array[], layer: number): np.Array {
  const found = arrays[layer];
  if (!found) throw new Error(`no cache for layer ${layer}`);
  return found;
}
