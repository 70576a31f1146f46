import { expect, it } from "vitest";
import { prometheusText } from "./prometheus.ts";

it("writes a family with its help, its type and a line for each sample", () => {
  const text = prometheusText([
    { name: "up", type: "gauge", help: "Whether.", samples: [{ value: 1 }] },
    {
      name: "runs",
      type: "gauge",
      help: "Runs.",
      samples: [
        { labels: { status: "running" }, value: 2 },
        { labels: { status: "failed", kind: "sft" }, value: 0.5 },
      ],
    },
  ]);
  expect(text).toBe(
    "# HELP up Whether.\n# TYPE up gauge\nup 1\n# HELP runs Runs.\n# TYPE runs gauge\n" +
      'runs{status="running"} 2\nruns{status="failed",kind="sft"} 0.5\n',
  );
});

it("escapes what a name may hold, and carries numbers that JSON cannot", () => {
  const samples = [
    { labels: { name: 'a "b"\\\nc' }, value: Number.NaN },
    { value: Number.POSITIVE_INFINITY },
    { value: Number.NEGATIVE_INFINITY },
  ];
  const text = prometheusText([{ name: "x", type: "gauge", help: "X.", samples }]);
  expect(text).toContain('x{name="a \\"b\\"\\\\\\nc"} NaN\nx +Inf\nx -Inf\n');
});
