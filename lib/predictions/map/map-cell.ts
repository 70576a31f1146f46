/**
 * A cell of the learning map as one byte: 0 no prediction, 1 no ground truth, 2 right, 3 to 255
 * wrong with a character error rate of (byte − 3) / 252; 255 also means more than 1.
 */
export type MapCell =
  | { kind: "none" }
  | { kind: "unscored" }
  | { kind: "right" }
  | { kind: "wrong"; errorRate: number };

export function readCell(byte: number): MapCell {
  if (byte === 0) return { kind: "none" };
  if (byte === 1) return { kind: "unscored" };
  if (byte === 2) return { kind: "right" };
  return { kind: "wrong", errorRate: (byte - 3) / 252 };
}
