/** Tokens of the spelling → pronunciation task: one shared vocabulary for letters and phonemes. */

export const MAX_LETTERS = 12;
export const MAX_PHONEMES = 12;

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
export const PHONEMES =
  "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH".split(
    " ",
  );

/** Pads short words, and is the class that the model predicts after the last phoneme. */
export const END = 0;
const SEPARATOR = 1;
const FIRST_LETTER = 2;
const FIRST_PHONEME = FIRST_LETTER + LETTERS.length;

export const VOCABULARY_SIZE = FIRST_PHONEME + PHONEMES.length;
/** The model's outputs: class 0 is END, class c > 0 is phoneme c − 1. */
export const CLASSES = PHONEMES.length + 1;
/** Letters and separator, known before decoding starts. */
export const PREFIX_LENGTH = MAX_LETTERS + 1;
/** Predicted positions: every phoneme and one END. */
export const OUTPUT_LENGTH = MAX_PHONEMES + 1;
/** Input positions of the model; the last prediction is never an input. */
export const INPUT_LENGTH = PREFIX_LENGTH + MAX_PHONEMES;

const letterToken = new Map(LETTERS.map((letter, i) => [letter, FIRST_LETTER + i]));
const phonemeClass = new Map(PHONEMES.map((phoneme, i) => [phoneme, i + 1]));

/** Input token of an output class, to feed a prediction back. */
export function classToToken(outputClass: number): number {
  return outputClass === END ? END : FIRST_PHONEME + outputClass - 1;
}

/** Writes the letters and the separator of `word` into `tokens` from `at` on. */
export function writePrefix(tokens: Int32Array, at: number, word: string): void {
  for (let i = 0; i < MAX_LETTERS; i++) {
    tokens[at + i] = letterToken.get(word[i] ?? "") ?? END;
  }
  tokens[at + MAX_LETTERS] = SEPARATOR;
}

/** Output classes of a pronunciation such as `["K", "AE", "T"]`, without the END. */
export function toClasses(phonemes: readonly string[]): number[] {
  return phonemes.map((phoneme) => {
    const found = phonemeClass.get(phoneme);
    if (found === undefined) throw new Error(`unknown phoneme ${phoneme}`);
    return found;
  });
}

/** Phonemes of output classes, up to the first END. */
export function fromClasses(classes: ArrayLike<number>): string[] {
  const phonemes: string[] = [];
  for (let i = 0; i < classes.length; i++) {
    const phoneme = PHONEMES[(classes[i] ?? END) - 1];
    if (phoneme === undefined) break;
    phonemes.push(phoneme);
  }
  return phonemes;
}
