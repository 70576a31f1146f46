import type { ServiceSample } from "@signalbox/protocol/service/service-status";
import { expect, it } from "vitest";
import { latestOf, servicePanels, trendOf } from "./service-panels";

const sample: ServiceSample = {
  at: "2026-11-22T01:00:00.000Z",
  streams: 3,
  frames_per_s: 12.345,
  sent_bytes_per_s: 2048,
  notify_p95_s: 0.0123,
  requests_per_s: 4,
  failures_per_s: 0,
  ingests_per_s: 1,
  ingest_p95_s: 1.5,
  database_p95_s: null,
  memory_bytes: 200_000_000,
  loop_delay_s: 0.004,
};

it("shows every measure with its unit", () => {
  const shown = servicePanels.map(({ measure, format }) => format(sample[measure] ?? 0));
  expect(shown).toContain("12.3/s");
  expect(shown).toContain("12.3 ms");
  expect(shown).toContain("1.50 s");
  expect(servicePanels).toHaveLength(Object.keys(sample).length - 1);
});

it("keeps a moment without a measurement as a gap, and shows the newest one that was made", () => {
  const later = { ...sample, at: "2026-11-22T01:00:05.000Z", notify_p95_s: null };
  const points = trendOf([sample, later], "notify_p95_s");
  expect(points.map(({ value }) => value)).toEqual([0.0123, null]);
  expect(latestOf(points)).toBe(0.0123);
  expect(latestOf(trendOf([sample], "database_p95_s"))).toBeNull();
});
