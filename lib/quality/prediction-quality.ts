import { codePointDistance, newWorkBudget, type WorkBudget } from "./char-error-rate.ts";

/** How good a prediction is, measured against its truth; all null where there is no truth. */
export interface PredictionQuality {
  /** 1 or 0. */
  exact_match: number | null;
  /** Levenshtein distance ÷ length of the truth, in code points; may exceed 1. */
  char_error_rate: number | null;
  /** Length ÷ length of the truth, in code points. */
  length_ratio: number | null;
  /** Share of the prediction's distinct words that occur in the truth. */
  word_overlap: number | null;
}

const none: PredictionQuality = {
  exact_match: null,
  char_error_rate: null,
  length_ratio: null,
  word_overlap: null,
};

/**
 * Quality by the definitions of the contract, §6: on texts without their outer white space. The
 * error rate is null where measuring it would exceed the budget.
 */
export function predictionQuality(
  prediction: string,
  truth: string | null | undefined,
  budget: WorkBudget = newWorkBudget(),
): PredictionQuality {
  if (truth === null || truth === undefined) return none;
  const said = prediction.trim();
  const right = truth.trim();
  const saidLength = codePoints(said);
  const rightLength = codePoints(right);
  return {
    exact_match: said === right ? 1 : 0,
    char_error_rate: errorRate(said, right, rightLength, budget),
    length_ratio: rightLength === 0 ? 0 : saidLength / rightLength,
    word_overlap: wordOverlap(said, right),
  };
}

function errorRate(
  said: string,
  right: string,
  rightLength: number,
  budget: WorkBudget,
): number | null {
  if (rightLength === 0) return said === "" ? 0 : 1;
  const distance = codePointDistance(said, right, budget);
  return distance === null ? null : distance / rightLength;
}

function wordOverlap(said: string, right: string): number {
  const words = wordsOf(said);
  if (words.size === 0) return 0;
  const known = wordsOf(right);
  let shared = 0;
  for (const word of words) if (known.has(word)) shared += 1;
  return shared / words.size;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.split(/\s+/u).filter(Boolean));
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
