/** The value below which a share `p` (0–1) of the samples lies, by the nearest rank; NaN for none. */
export function percentile(samples: ArrayLike<number>, p: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? NaN;
}

export function median(samples: ArrayLike<number>): number {
  return percentile(samples, 0.5);
}

/**
 * The bounds between which the median of what was sampled lies with 95 % confidence, whatever its
 * distribution: order statistics by the normal approximation of the sign test.
 */
export function medianBounds(samples: ArrayLike<number>): [number, number] {
  const sorted = Float64Array.from(samples).sort();
  const below = Math.max(0, Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2));
  return [sorted[below] ?? NaN, sorted[sorted.length - 1 - below] ?? NaN];
}

export interface Spread {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export function spread(samples: ArrayLike<number>): Spread {
  return {
    p50: percentile(samples, 0.5),
    p95: percentile(samples, 0.95),
    p99: percentile(samples, 0.99),
    max: percentile(samples, 1),
  };
}

/** The median of each figure over several runs. */
export function medianOf<K extends string>(runs: readonly Record<K, number>[]): Record<K, number> {
  const keys = Object.keys(runs[0] ?? {}) as K[];
  const medians = keys.map((key) => [key, median(runs.map((run) => run[key]))]);
  return Object.fromEntries(medians) as Record<K, number>;
}
