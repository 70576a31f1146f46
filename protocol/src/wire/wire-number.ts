/** The numbers that JSON lacks, as the words that stand for them. */
export const nonFiniteWords = ["NaN", "Infinity", "-Infinity"] as const;

/** A number as it travels in JSON: finite as a number, the others as words. */
export type WireNumber = number | (typeof nonFiniteWords)[number];

/** Whether a value is a number as it travels in JSON. */
export function isWireNumber(value: unknown): value is WireNumber {
  return typeof value === "number" || nonFiniteWords.some((word) => word === value);
}

/** The number that a wire value stands for; NaN for anything that stands for none. */
export function fromWireNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  return Number.NaN;
}

/** JSON of a value, with the numbers that JSON lacks as words. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => (typeof item === "number" && !Number.isFinite(item) ? String(item) : item),
    indent,
  );
}
