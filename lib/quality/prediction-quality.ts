import {
  codePointDistance,
  codePoints,
  newWorkBudget,
  type WorkBudget,
} from "./char-error-rate.ts";

/** The quality of a prediction, scored against its ground truth; all null without one. */
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
 * Scores a prediction by the API's definitions, on texts without surrounding white space. The error
 * rate is null where computing it would exceed the budget.
 */
export function predictionQuality(
  prediction: string,
  truth: string | null | undefined,
  budget: WorkBudget = newWorkBudget(),
): PredictionQuality {
  if (truth === null || truth === undefined) return none;
  const answer = prediction.trim();
  const expected = truth.trim();
  const answerLength = codePoints(answer);
  const truthLength = codePoints(expected);
  return {
    exact_match: answer === expected ? 1 : 0,
    char_error_rate: errorRate(answer, expected, truthLength, budget),
    length_ratio: truthLength === 0 ? 0 : answerLength / truthLength,
    word_overlap: wordOverlap(answer, expected),
  };
}

function errorRate(
  answer: string,
  expected: string,
  truthLength: number,
  budget: WorkBudget,
): number | null {
  if (truthLength === 0) return answer === "" ? 0 : 1;
  const distance = codePointDistance(answer, expected, budget);
  return distance === null ? null : distance / truthLength;
}

function wordOverlap(answer: string, expected: string): number {
  const words = wordsOf(answer);
  if (words.size === 0) return 0;
  const known = wordsOf(expected);
  let shared = 0;
  for (const word of words) if (known.has(word)) shared += 1;
  return shared / words.size;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.split(/\s+/u).filter(Boolean));
}
