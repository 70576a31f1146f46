import { expect, it } from "vitest";
import { Counter, Histogram, quantile } from "./instruments.ts";
import { prometheusText } from "./prometheus.ts";

it("counts by labels, and sums over those that are not asked for", () => {
  const counter = new Counter({ name: "closed_total", help: "C.", labels: ["kind", "reason"] });
  counter.add({ kind: "run", reason: "ended" });
  counter.add({ kind: "run", reason: "ended" }, 2);
  counter.add({ kind: "list", reason: "stalled" });
  expect(counter.total()).toBe(4);
  expect(counter.total({ kind: "run" })).toBe(3);
  expect(prometheusText([counter.family()])).toBe(
    "# HELP signalbox_closed_total C.\n# TYPE signalbox_closed_total counter\n" +
      'signalbox_closed_total{kind="run",reason="ended"} 3\n' +
      'signalbox_closed_total{kind="list",reason="stalled"} 1\n',
  );
});

it("shows a counter without labels before it has counted anything", () => {
  expect(prometheusText([new Counter({ name: "x_total", help: "X." }).family()])).toContain(
    "signalbox_x_total 0\n",
  );
});

it("writes a histogram's buckets cumulated, with sum and count", () => {
  const histogram = new Histogram({ name: "wait_seconds", help: "W.", bounds: [0.1, 1] });
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe({}, value);
  expect(prometheusText([histogram.family()]).split("\n").slice(1, 7)).toEqual([
    "# TYPE signalbox_wait_seconds histogram",
    'signalbox_wait_seconds_bucket{le="0.1"} 2',
    'signalbox_wait_seconds_bucket{le="1"} 3',
    'signalbox_wait_seconds_bucket{le="+Inf"} 4',
    "signalbox_wait_seconds_sum 7.65",
    "signalbox_wait_seconds_count 4",
  ]);
  expect(histogram.counts()).toEqual([2, 1, 1]);
});

it("estimates quantiles within a bucket", () => {
  expect(quantile(0.5, [1, 2], [0, 4, 0])).toBe(1.5);
  expect(quantile(0.99, [1, 2], [1, 0, 99])).toBe(2);
  expect(quantile(0.5, [1, 2], [0, 0, 0])).toBeNull();
});
