/**
 * Exponential moving average of a line, without the pull towards zero at its start (the weights
 * of what has been seen are normalised). Gaps stay gaps. `weight` 0 … <1, as in TensorBoard.
 */
export function smoothLine(line: readonly (number | null)[], weight: number): (number | null)[] {
  const kept = Math.min(0.999, Math.max(0, weight));
  let sum = 0;
  let norm = 0;
  return line.map((value) => {
    if (value === null) return null;
    sum = sum * kept + value * (1 - kept);
    norm = norm * kept + (1 - kept);
    return sum / norm;
  });
}
