import {
  isPredictionSort,
  type PredictionSort,
  predictionSorts,
} from "@signalbox/protocol/data/prediction-query";
import { isMeasureField, isScoreField, type MeasureField } from "@signalbox/protocol/data/score";
import { type Command, InvalidArgumentError, Option } from "commander";
import { figure } from "../../handlers/plain-text.ts";
import type { ComparedPrediction, PredictionQuery } from "../../types.ts";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import type { Column } from "../table.ts";
import { integer } from "../text.ts";
import { numberOption } from "../values.ts";

interface PredictionsOptions {
  epoch?: number;
  from?: number;
  sort?: PredictionSort;
  by?: MeasureField;
  where?: string[];
  filter?: PredictionQuery["filter"];
  search?: string;
  limit: number;
  offset: number;
  trends?: boolean;
  json?: boolean;
}

const samples: readonly Column[] = [
  { title: "Sample", right: true },
  { title: "Prompt", flexible: true },
  { title: "Prediction", flexible: true },
  { title: "Ground truth", flexible: true },
  { title: "Exact", right: true },
  { title: "Error rate", right: true },
];
const trends: readonly Column[] = [
  { title: "Epoch", right: true },
  { title: "Step", right: true },
  { title: "Samples", right: true },
  { title: "Exact", right: true },
  { title: "Error rate", right: true },
  { title: "Overlap", right: true },
];

const examples = `
Examples:
  signalbox predictions my-run                              the last epoch
  signalbox predictions my-run --epoch 7 --sort worst -n 20
  signalbox predictions my-run --epoch 7 --from 3 --filter regressed
  signalbox predictions my-run --sort -scores.reward --where scores.judge:bad
  signalbox predictions my-run --trends`;

/** Predictions of one epoch, or the quality of every epoch. */
export function addPredictionsCommand(program: Command, cli: CliContext): void {
  const epoch = numberOption({ min: 0, whole: false });
  program
    .command("predictions")
    .description("print the model's predictions")
    .argument("<run>", "its id or name")
    .option("--epoch <epoch>", "epoch (default: the latest)", epoch)
    .option("--from <epoch>", "compare with this epoch", epoch)
    .option(
      "--sort <order>",
      `${predictionSorts.join(", ")}, a measure or scores.<name>; prefix with - to sort descending`,
      sortOrder,
    )
    .option(
      "--by <measure>",
      "measure or scores.<name> that worst, best, regressed and improved go by",
      measureField,
    )
    .option("--where <condition...>", "only predictions that meet this, such as scores.judge:good")
    .addOption(
      new Option("--filter <filter>", "only these").choices(
        "right wrong changed improved regressed passed failed".split(" "),
      ),
    )
    .option("-q, --search <text>", "only predictions containing this text")
    .option("-n, --limit <count>", "how many", numberOption({ min: 1, max: 1000 }), 50)
    .option("--offset <count>", "how many to skip", numberOption({ min: 0, max: 1e8 }), 0)
    .option("--trends", "show the quality of every epoch instead")
    .option("--json", "the whole reply as JSON")
    .addHelpText("after", examples)
    .action(async (run: string, options: PredictionsOptions) => {
      const { id } = await findJob(cli, run);
      await (options.trends ? printTrends(cli, id, options) : printSamples(cli, id, options));
    });
}

async function printSamples(cli: CliContext, id: string, options: PredictionsOptions) {
  const { predictions } = cli.client;
  const { signal } = cli;
  const epoch = options.epoch ?? (await predictions.epochs(id, { signal })).epochs.at(-1)?.epoch;
  const { from, search, json, sort, by, where, filter, limit, offset } = options;
  const page = await predictions.get(
    id,
    {
      epoch,
      changed_from: epoch === undefined ? undefined : from,
      q: search,
      sort,
      by,
      where,
      filter,
      limit,
      offset,
    },
    { signal },
  );
  if (json) return cli.json(page);
  const compared = from !== undefined && epoch !== undefined;
  const before: Column = { title: `Epoch ${from}`, flexible: true };
  const scores = scoresNamed(sort, by);
  const columns = [...samples, ...scores.map((title): Column => ({ title, right: true }))];
  cli.table(
    compared ? [...columns, before] : columns,
    page.predictions.map((one) => [
      ...cellsOf(one),
      ...scores.map((name) => ({ text: scoreText(one, name) })),
      ...(compared ? [{ text: one.previous?.prediction ?? "" }] : []),
    ]),
  );
  const rest = page.total_count - offset - page.predictions.length;
  if (epoch === undefined) cli.note("This run has no predictions.");
  else if (cli.terminal) cli.note(`Epoch ${figure(epoch)}: ${integer(page.total_count)} in total`);
  if (rest > 0) cli.note(`${integer(rest)} more; use --limit and --offset`);
}

function cellsOf(one: ComparedPrediction) {
  return [
    integer(one.sample_index),
    one.prompt,
    one.prediction,
    one.ground_truth ?? "",
    one.exact_match === null ? "" : one.exact_match >= 1 ? "✓" : "✗",
    rate(one.char_error_rate),
  ].map((text) => ({ text }));
}

/** The scores that the order goes by: they are shown. */
function scoresNamed(...fields: (string | undefined)[]): string[] {
  const names = fields.flatMap((field) => {
    const name = field?.replace(/^-/, "") ?? "";
    return isScoreField(name) ? [name.slice("scores.".length)] : [];
  });
  return [...new Set(names)];
}

function scoreText({ scores }: ComparedPrediction, name: string): string {
  const value = Object.hasOwn(scores, name) ? scores[name] : undefined;
  return typeof value === "number" ? figure(value) : (value ?? "");
}

function sortOrder(text: string): PredictionSort {
  if (isPredictionSort(text)) return text;
  throw new InvalidArgumentError("It is no order, measure or scores.<name>.");
}

function measureField(text: string): MeasureField {
  if (isMeasureField(text)) return text;
  throw new InvalidArgumentError("It is no measure or scores.<name>.");
}

const rate = (value: number | null) => (value === null ? "" : figure(value));

async function printTrends(cli: CliContext, id: string, { json }: PredictionsOptions) {
  const reply = await cli.client.predictions.trends(id, { signal: cli.signal });
  if (json) return cli.json(reply);
  cli.table(
    trends,
    reply.trends.map((trend) =>
      [
        figure(trend.epoch),
        integer(trend.step),
        integer(trend.sample_count),
        rate(trend.avg_exact_match),
        rate(trend.avg_char_error_rate),
        rate(trend.avg_word_overlap),
      ].map((text) => ({ text })),
    ),
  );
  if (reply.overall_improvement !== null && cli.terminal) {
    cli.note(`Mean error rate fell by ${figure(reply.overall_improvement)} %.`);
  }
}
