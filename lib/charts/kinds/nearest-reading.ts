import type { Reading } from "./panel-kind.ts";

/** The entry whose value is drawn nearest to a height, less than `reach` pixels from it. */
export function nearestReading(
  readings: readonly Reading[],
  height: number,
  toY: (value: number) => number,
  reach = 24,
): string | null {
  let found: string | null = null;
  let least = reach;
  for (const { id, value } of readings) {
    const distance = Math.abs(toY(value) - height);
    if (distance < least) {
      least = distance;
      found = id;
    }
  }
  return found;
}
