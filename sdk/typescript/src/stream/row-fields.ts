import { isJsonObject, type JsonObject } from "@signalbox/protocol/wire/json";

const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** The first valid one of some times (ISO text, or milliseconds since 1970), as ISO in UTC. */
export function isoTime(...times: unknown[]): string {
  for (const time of times) {
    if (typeof time === "string" && whole.test(time)) return time;
    if (typeof time !== "string" && typeof time !== "number") continue;
    const date = new Date(time);
    if (!Number.isNaN(date.getTime())) return date.toISOString();
  }
  return "1970-01-01T00:00:00.000Z";
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A whole number of 64 bits, as steps are. */
export function integerOrNull(value: unknown): number | null {
  if (typeof value !== "number" || !Number.isInteger(value)) return null;
  return Math.abs(value) < 2 ** 63 ? value : null;
}

export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The part of a series' name before its first `/` or `.`; null if it has none. */
export function groupOf(name: string): string | null {
  const end = name.search(/[/.]/);
  return end > 0 ? name.slice(0, end) : null;
}
