import { z } from "zod";

/** State of a generator: four unsigned 32-bit integers, plain JSON. */
export const randomStateSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
export type RandomState = z.infer<typeof randomStateSchema>;

/**
 * Seeded generator (xoshiro128**, Blackman & Vigna 2018). Its whole state can be saved, so a resumed run
 * draws the same numbers as an uninterrupted one.
 */
export class Random {
  #state: RandomState;

  constructor(state: RandomState) {
    this.#state = [...state];
  }

  /** Generator for one purpose: the same seed and label always yield the same numbers. */
  static seeded(seed: number, label = ""): Random {
    let mixed = (seed ^ hash32(label)) >>> 0;
    // SplitMix-style mixing, so that neighbouring seeds yield unrelated states.
    const next = () => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    };
    return new Random([next(), next(), next(), next() | 1]);
  }

  get state(): RandomState {
    return [...this.#state];
  }

  /** Uniform unsigned 32-bit integer. */
  uint32(): number {
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number {
    return this.uint32() / 4294967296;
  }

  /** Standard normal (Box–Muller). Drops one of each pair, so that the state stays four integers. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fisher–Yates shuffle of 0 … n − 1. */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(this.uniform() * (i + 1));
      const swapped = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = swapped;
    }
    return order;
  }
}

function rotateLeft(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}

/** 32-bit FNV-1a hash of a string with a final avalanche step. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
