/** Levenshtein distance between two sequences. */
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

/** Levenshtein distance ÷ length of the truth (at least 1). May exceed 1. */
export function errorRate<T>(prediction: readonly T[], truth: readonly T[]): number {
  return editDistance(prediction, truth) / Math.max(1, truth.length);
}

/** Reward of a pronunciation: 1 − phoneme error rate, at least −1, which bounds long outputs. */
export function reward<T>(prediction: readonly T[], truth: readonly T[]): number {
  return Math.max(-1, 1 - errorRate(prediction, truth));
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
}

/** Population standard deviation. */
export function standardDeviation(values: readonly number[]): number {
  const average = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - average) ** 2)));
}
