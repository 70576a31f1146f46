/** Levenshtein distance between two sequences, compared element by element. */
function editDistance<T>(a: readonly T[], b: readonly T[]): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Errors per element of the truth; an empty truth counts as one element. May exceed 1. */
export function errorRate<T>(prediction: readonly T[], truth: readonly T[]): number {
  return editDistance(prediction, truth) / Math.max(1, truth.length);
}

/** Reward of a pronunciation: 1 − phoneme error rate, floored at −1 so that babble can't dominate. */
export function reward<T>(prediction: readonly T[], truth: readonly T[]): number {
  return Math.max(-1, 1 - errorRate(prediction, truth));
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

/** Population standard deviation. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - centre) ** 2)));
}
