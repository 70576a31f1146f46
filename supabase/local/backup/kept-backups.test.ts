import { expect, it } from "vitest";
import { expiredBackups, isBackupDue } from "./kept-backups.ts";

const days = (count: number) =>
  Array.from({ length: count }, (_, n) => new Date(Date.UTC(2026, 0, 1 + n, 4)));
const kept = (times: Date[], rule: { daily: number; weekly: number }) => {
  const expired = new Set(expiredBackups(times, rule));
  return times.filter((time) => !expired.has(time)).map((time) => time.toISOString().slice(0, 10));
};

it("keeps one of each of the last days, and the newest of each of the last weeks", () => {
  // 28 January 2026 is a Wednesday; Sundays are the 4th, 11th, 18th and 25th.
  expect(kept(days(28), { daily: 3, weekly: 3 })).toEqual([
    "2026-01-18",
    "2026-01-25",
    "2026-01-26",
    "2026-01-27",
    "2026-01-28",
  ]);
  expect(kept(days(28), { daily: 0, weekly: 1 })).toEqual(["2026-01-28"]);
  expect(kept(days(2), { daily: 7, weekly: 4 })).toHaveLength(2);
});

it("keeps the newest of several in one day", () => {
  const hours = [1, 5, 3].map((hour) => new Date(Date.UTC(2026, 0, 1, hour)));
  expect(expiredBackups(hours, { daily: 7, weekly: 0 })).toEqual([hours[2], hours[0]]);
});

it("keeps old ones while no newer ones replace them", () => {
  const old = [new Date("2020-01-01T00:00:00Z")];
  expect(expiredBackups(old, { daily: 7, weekly: 4 })).toEqual([]);
});

it("is due once a day, and at first", () => {
  const now = new Date("2026-01-02T04:00:00Z");
  expect(isBackupDue([], now)).toBe(true);
  expect(isBackupDue([new Date("2026-01-01T04:00:00Z")], now)).toBe(true);
  expect(isBackupDue([new Date("2026-01-01T04:00:01Z")], now)).toBe(false);
});
