import { describe, expect, it } from "vitest";
import { formatDuration, formatTicking } from "./duration.ts";
import {
  formatBytes,
  formatByteTicks,
  formatInteger,
  formatLearningRate,
  formatMetric,
  formatPercent,
  formatSeriesValue,
  formatTicks,
  isLearningRate,
} from "./number.ts";
import { formatClock, formatDay, formatExact, formatRelative } from "./time.ts";

describe("numbers", () => {
  it("groups whole numbers", () => {
    expect(formatInteger(4310)).toBe("4,310");
    expect(formatInteger(0)).toBe("0");
  });

  it.each([
    [0.56921, "0.5692"],
    [4.4184, "4.418"],
    [0.5, "0.5000"],
    [12.3456, "12.35"],
    [5521.7, "5,522"],
    [123456.7, "123,457"],
    [9999.7, "10,000"],
    [1, "1"],
    [0.0004215, "4.215e-4"],
    [-0.25, "-0.2500"],
    [12_000_000, "12,000,000"],
    [1.5e15, "1.5e15"],
    ["NaN", "NaN"],
    ["Infinity", "∞"],
    ["-Infinity", "-∞"],
  ] as const)("shows a loss of %s with four significant digits", (value, text) => {
    expect(formatMetric(value)).toBe(text);
  });

  it.each([
    [0.0003, "3e-4"],
    [0.0015, "1.5e-3"],
    [0.003, "3e-3"],
    [0.00123456, "1.235e-3"],
    [0.05, "5e-2"],
    [0.1, "0.1"],
    [-0.198, "-0.198"],
    [1, "1"],
    [123456, "1.235e5"],
    [0, "0"],
  ])("shows a learning rate of %s as people write it", (value, text) => {
    expect(formatLearningRate(value)).toBe(text);
  });

  it("recognises a learning rate by its name alone", () => {
    expect(isLearningRate("train/learning_rate")).toBe(true);
    expect(isLearningRate("train.lr")).toBe(true);
    expect(isLearningRate("lr")).toBe(true);
    expect(isLearningRate("train/lrx")).toBe(false);
    expect(isLearningRate("eval/char_error_rate")).toBe(false);
  });

  it("chooses the notation by the series", () => {
    expect(formatSeriesValue("train/learning_rate", 0.003)).toBe("3e-3");
    expect(formatSeriesValue("system/memory_bytes", 1536)).toBe("1.5 KiB");
    expect(formatSeriesValue("train/loss", "NaN")).toBe("NaN");
  });

  it("keeps the ticks of an axis short and in one notation", () => {
    expect(formatTicks([0, 500, 1000, 1500], 500)).toEqual(["0", "0.5k", "1k", "1.5k"]);
    expect(formatTicks([1_000_000, 2_000_000], 1_000_000)).toEqual(["1M", "2M"]);
    expect(formatTicks([0.3, 0.35, 0.4], 0.05)).toEqual(["0.30", "0.35", "0.40"]);
    expect(formatTicks([0, 0.0005, 0.001, 0.0015], 0.0005)).toEqual([
      "0",
      "5e-4",
      "1e-3",
      "1.5e-3",
    ]);
    expect(formatTicks([0.00225, 0.0025, 0.00275], 0.00025)).toEqual([
      "2.25e-3",
      "2.5e-3",
      "2.75e-3",
    ]);
    expect(formatTicks([0.25, 0.5], 0.25)).toEqual(["0.25", "0.50"]);
    expect(formatTicks([-2, 0, 2], 2)).toEqual(["-2", "0", "2"]);
    expect(formatTicks([100_000.1, 100_000.2], 0.1)).toEqual(["100,000", "100,000"]);
  });

  it("keeps the ticks of bytes in one binary unit", () => {
    const half = 512 * 1024;
    expect(formatByteTicks([830 * half, 831 * half], half)).toEqual(["415.0 MiB", "415.5 MiB"]);
    expect(formatByteTicks([0, 256], 256)).toEqual(["0 B", "256 B"]);
  });

  it("shows fractions as percentages and bytes in binary units", () => {
    expect(formatPercent(0.624)).toBe("62%");
    expect(formatPercent(0.4532, 1)).toBe("45.3%");
    expect(formatBytes(512)).toBe("512 B");
    expect(formatBytes(435 * 1024 * 1024)).toBe("435 MiB");
  });
});

describe("durations", () => {
  it.each([
    [0.42, "0.4s"],
    [0, "0s"],
    [42, "42s"],
    [59.7, "1m 00s"],
    [134, "2m 14s"],
    [3720, "1h 02m"],
    [273_600, "3d 4h"],
    [Number.NaN, "–"],
  ])("shows %s seconds in two units at most", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("ticks in whole seconds", () => {
    expect(formatTicking(3.4)).toBe("3s");
  });
});

describe("times", () => {
  const now = new Date(2025, 10, 20, 14, 30, 0).getTime();
  const at = (offset: number) => new Date(now - offset).toISOString();

  it("reads as relative to now", () => {
    expect(formatRelative(at(1000), now)).toBe("just now");
    expect(formatRelative(at(42_000), now)).toBe("42s ago");
    expect(formatRelative(at(5 * 60_000), now)).toBe("5m ago");
    expect(formatRelative(at(26 * 3_600_000), now)).toBe("yesterday");
    expect(formatRelative(at(100 * 86_400_000), now)).toBe("12 Aug 2025");
    expect(formatRelative("not a time", now)).toBe("not a time");
  });

  it("names the day by the reader's calendar", () => {
    expect(formatDay(at(0), now)).toBe("Today");
    expect(formatDay(at(15 * 3_600_000), now)).toBe("Yesterday");
    expect(formatDay(at(5 * 86_400_000), now)).toBe("15 November 2025");
  });

  it("shows the clock and the exact time", () => {
    expect(formatClock(at(0))).toBe("14:30:00");
    expect(formatExact(at(0))).toBe("20 Nov 2025, 14:30:00");
  });
});
