import { csvRow } from "@signalbox/protocol/wire/csv";
import { ownValue } from "@signalbox/protocol/wire/json";
import { toJson } from "@signalbox/protocol/wire/wire-number";
import type { Command } from "commander";
import { writeTo } from "../../handlers/output.ts";
import { figure } from "../../handlers/plain-text.ts";
import type { MetricRow } from "../../types.ts";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import type { Column } from "../table.ts";
import { integer } from "../text.ts";
import { listOption, numberOption } from "../values.ts";

interface MetricsOptions {
  csv?: boolean;
  json?: boolean;
  name?: string[];
  from?: number;
  to?: number;
}

const columns: readonly Column[] = [
  { title: "Series", flexible: true },
  { title: "Points", right: true },
  { title: "Steps", right: true },
  { title: "First", right: true },
  { title: "Last", right: true },
  { title: "Min", right: true },
  { title: "Max", right: true },
  { title: "NaN", right: true },
];

const examples = `
Examples:
  signalbox metrics my-run
  signalbox metrics my-run --csv > my-run.csv
  signalbox metrics my-run --csv --name train/loss,eval/loss --from 1000
  signalbox metrics my-run --json | jq -c 'select(."train/loss" != null)'`;

/** A run's metrics: a summary of each series, or every point. */
export function addMetricsCommand(program: Command, cli: CliContext): void {
  const step = numberOption({ min: 0 });
  program
    .command("metrics")
    .description("summarise a run's metrics, or print every point")
    .argument("<run>", "its id or name")
    .option("--csv", "every point as CSV: one row per step and report, one column per series")
    .option("--json", "every point as JSON: one object per step and report")
    .option("--name <series>", "only these series (repeatable)", listOption)
    .option("--from <step>", "from this step", step)
    .option("--to <step>", "up to this step", step)
    .addHelpText("after", examples)
    .action(async (run: string, { csv, json, name, ...range }: MetricsOptions) => {
      const { id } = await findJob(cli, run);
      const query = { ...range, names: name };
      if (csv) return printCsv(cli, id, query);
      if (json) return printJson(cli, id, query);
      return printSummary(cli, id, query);
    });
}

type Query = { names: string[] | undefined; from?: number; to?: number };

async function printSummary(cli: CliContext, id: string, query: Query): Promise<void> {
  const { signal } = cli;
  const { series } = await cli.client.metrics.series(id, { ...query, buckets: 1 }, { signal });
  const number = (value: number | null) => (value === null ? "–" : figure(value));
  const rows = series.flatMap(({ name, buckets }) => {
    const [first] = buckets;
    const last = buckets.at(-1);
    if (!first || !last) return [];
    const sum = (field: "count" | "nan_count") =>
      buckets.reduce((total, bucket) => total + bucket[field], 0);
    const valuesOf = (field: "min" | "max") =>
      buckets.map((bucket) => bucket[field]).filter((value) => value !== null);
    const minima = valuesOf("min");
    const maxima = valuesOf("max");
    return [
      [
        name,
        integer(sum("count")),
        `${first.step_first}–${last.step_last}`,
        number(first.first),
        number(last.last),
        number(minima.length > 0 ? Math.min(...minima) : null),
        number(maxima.length > 0 ? Math.max(...maxima) : null),
        String(sum("nan_count")),
      ].map((text) => ({ text })),
    ];
  });
  cli.table(columns, rows);
}

async function printCsv(cli: CliContext, id: string, query: Query): Promise<void> {
  const { client, signal } = cli;
  // Reads the columns first: rows are streamed, and a run may have millions.
  const { series } = await client.metrics.series(id, { ...query, buckets: 1 }, { signal });
  const names = series.map(({ name }) => name);
  await writeTo(cli.io.stdout, csvRow(["step", "epoch", "timestamp", ...names], "\n"));
  for await (const row of client.metrics.rows(id, { ...query, names }, { signal })) {
    const values = names.map((name) => ownValue(row, name));
    await writeTo(cli.io.stdout, csvRow([row.step, row.epoch, row.timestamp, ...values], "\n"));
  }
}

async function printJson(cli: CliContext, id: string, query: Query): Promise<void> {
  const rows: AsyncGenerator<MetricRow, void> = cli.client.metrics.rows(id, query, {
    signal: cli.signal,
  });
  for await (const row of rows) await writeTo(cli.io.stdout, `${toJson(row)}\n`);
}
