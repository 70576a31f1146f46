/** A number as JSON carries it: finite as a number, the others as these words. */
export type WireNumber = number | "NaN" | "Infinity" | "-Infinity";

/** The number that a wire value stands for; NaN for anything that stands for none. */
export function fromWire(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  return Number.NaN;
}

/** JSON of a value, its numbers that JSON lacks as `"NaN"`, `"Infinity"`, `"-Infinity"`. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_key, item) => (typeof item === "number" && !Number.isFinite(item) ? String(item) : item),
    indent,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
