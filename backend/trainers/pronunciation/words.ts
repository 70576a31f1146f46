import { dictionary } from "cmu-pronouncing-dictionary";
import { z } from "zod";
import { hash32, Random } from "../toolkit/random.ts";
import { MAX_LETTERS, MAX_PHONEMES, PHONEMES } from "./vocabulary.ts";

export interface Word {
  spelling: string;
  phonemes: string[];
}

export interface WordSplit {
  train: Word[];
  /** Never trained on; in a fixed random order, so that the first n are an unbiased sample. */
  heldOut: Word[];
}

const SPELLING = new RegExp(`^[a-z]{2,${MAX_LETTERS}}$`);
const HELD_OUT_OF_1000 = 50;

/**
 * The CMU Pronouncing Dictionary without stress marks and variants, split by a hash of the spelling, so
 * that every run holds out the same words and runs are comparable.
 */
export function loadWords(source: Record<string, string> = dictionary): WordSplit {
  const known = new Set(PHONEMES);
  const split: WordSplit = { train: [], heldOut: [] };
  for (const [spelling, pronunciation] of Object.entries(source)) {
    if (!SPELLING.test(spelling)) continue;
    const phonemes = (pronunciation.split("#")[0] ?? "").replace(/\d/g, "").trim().split(/\s+/);
    if (phonemes.length > MAX_PHONEMES || !phonemes.every((p) => known.has(p))) continue;
    const side = hash32(spelling) % 1000 < HELD_OUT_OF_1000 ? split.heldOut : split.train;
    side.push({ spelling, phonemes });
  }
  split.heldOut.sort((a, b) => hash32(`order:${a.spelling}`) - hash32(`order:${b.spelling}`));
  return split;
}

let loaded: WordSplit | null = null;

/** The dictionary, loaded once per process. */
export function dictionaryWords(): WordSplit {
  loaded ??= loadWords();
  return loaded;
}

/** Position in the data order: the pass over the words and the place in it. */
export const orderStateSchema = z.object({ pass: z.number(), position: z.number() });
export type OrderState = z.infer<typeof orderStateSchema>;

/** Endless data order: every pass is a seeded shuffle, so two integers describe the position. */
export class WordOrder {
  readonly #words: readonly Word[];
  readonly #seed: number;
  #pass: number;
  #position: number;
  #order: Uint32Array;

  constructor(words: readonly Word[], seed: number, state: OrderState = { pass: 0, position: 0 }) {
    if (words.length === 0) throw new Error("no words to train on");
    this.#words = words;
    this.#seed = seed;
    this.#pass = state.pass;
    this.#position = state.position;
    this.#order = this.#shuffle();
  }

  get state(): OrderState {
    return { pass: this.#pass, position: this.#position };
  }

  take(count: number): Word[] {
    return Array.from({ length: count }, () => this.#next());
  }

  #next(): Word {
    if (this.#position >= this.#words.length) {
      this.#pass += 1;
      this.#position = 0;
      this.#order = this.#shuffle();
    }
    const word = this.#words[this.#order[this.#position++] ?? 0];
    if (!word) throw new Error("data order out of range");
    return word;
  }

  #shuffle(): Uint32Array {
    return Random.seeded(this.#seed, `order:${this.#pass}`).permutation(this.#words.length);
  }
}
