/** Parses a typed number: `3e-4`, `1,000`, `0,5`, ` .5 `. Null where it is none. */
export function parseNumber(text: string): number | null {
  const trimmed = text.trim().replaceAll("−", "-");
  if (trimmed === "") return null;
  const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(trimmed);
  const plain = grouped ? trimmed.replaceAll(",", "") : trimmed.replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

interface StepOptions {
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  /** Steps by factors of two, as for learning rates. */
  logarithmic?: boolean | undefined;
}

/** The value one step up or down, within its range and without floating-point noise. */
export function stepNumber(
  value: number,
  direction: 1 | -1,
  { min = -Infinity, max = Infinity, step = 1, logarithmic = false }: StepOptions,
): number {
  const next = logarithmic && value > 0 ? value * 2 ** direction : value + direction * step;
  return Number(Math.min(max, Math.max(min, next)).toPrecision(12));
}
