import { jobKinds } from "@signalbox/protocol/job/job-kind";
import { fromWireNumber } from "@signalbox/protocol/wire/wire-number";
import { type Command, Option } from "commander";
import { figure } from "../../handlers/plain-text.ts";
import { type Job, type JobKind, type JobStatus, jobStatuses } from "../../types.ts";
import type { CliContext } from "../context.ts";
import type { Cell, Column } from "../table.ts";
import { ago, integer, progressText, statusText } from "../text.ts";
import { listOption, numberOption } from "../values.ts";

interface RunsOptions {
  limit: number;
  offset: number;
  status?: JobStatus[];
  kind?: JobKind[];
  tag?: string[];
  search?: string;
  where?: string[];
  sort?: string;
  archived?: boolean;
  json?: boolean;
}

const columns: readonly Column[] = [
  { title: "State" },
  { title: "Name", flexible: true },
  { title: "Id" },
  { title: "Kind" },
  { title: "Step", right: true },
  { title: "Latest", flexible: true },
  { title: "Created", right: true },
];

const examples = `
In a pipe, the table is tab-separated with a header row.

Examples:
  signalbox runs
  signalbox runs --status running,paused --sort -progress
  signalbox runs --where 'config.batch_size:32' --where 'latest.train/loss<0.5'
  signalbox runs --json | jq '.jobs[].id'`;

const repeat = (text: string, before: string[] | undefined) => [...(before ?? []), text];

/** The list of runs. */
export function addRunsCommand(program: Command, cli: CliContext): void {
  program
    .command("runs")
    .description("list runs, newest first")
    .option("-n, --limit <count>", "how many to list", numberOption({ min: 1, max: 500 }), 20)
    .option("--offset <count>", "how many to skip", numberOption({ min: 0, max: 1_000_000 }), 0)
    .option("--status <state>", `only these states: ${jobStatuses.join(", ")}`, listOption)
    .option("--kind <kind>", `only these kinds: ${jobKinds.join(", ")}`, listOption)
    .option("--tag <tag>", "only runs with these tags", listOption)
    .option(
      "-q, --search <text>",
      "only runs whose id, name, model, tags or notes contain this text",
    )
    .option("--where <condition>", "a condition such as latest.train/loss<0.5 (repeatable)", repeat)
    .addOption(
      new Option(
        "--sort <field>",
        "a column, config.<key> or latest.<series>; prefix with - to sort descending",
      ),
    )
    .option("--archived", "list archived runs instead")
    .option("--json", "the whole reply as JSON")
    .addHelpText("after", examples)
    .action((options: RunsOptions) => listRuns(cli, options));
}

async function listRuns(cli: CliContext, options: RunsOptions): Promise<void> {
  const { search, json, archived, ...query } = options;
  const page = await cli.client.jobs.list(
    { ...query, q: search, archived: archived ? "true" : "false" },
    { signal: cli.signal },
  );
  if (json) return cli.json(page);
  cli.table(
    columns,
    page.jobs.map((job) => rowOf(cli, job)),
  );
  const rest = page.total - options.offset - page.jobs.length;
  if (rest > 0) cli.note(`${integer(rest)} more; use --limit and --offset`);
  if (page.total === 0) cli.note("No runs yet. See signalbox train --help to start one.");
}

function rowOf(cli: CliContext, job: Job): Cell[] {
  const created = cli.terminal ? ago(job.created_at, Date.now()) : job.created_at;
  return [
    { text: statusText(job.status, false), painted: statusText(job.status, true) },
    { text: job.name },
    { text: job.id },
    { text: job.kind },
    { text: cli.terminal ? progressText(job) : String(job.current_step ?? "") },
    { text: latestText(job, cli.terminal) },
    { text: created },
  ].map((cell, i) => (i === 0 && !cli.terminal ? { text: job.status } : cell));
}

/** The headline metric of a run: loss or reward, else any series. `short` drops `train/`. */
function latestText({ latest }: Pick<Job, "latest">, short: boolean): string {
  const names = Object.keys(latest);
  const preferred = ["train/loss", "train/reward_mean", "loss", "eval/loss"];
  const name = preferred.find((one) => names.includes(one)) ?? names[0];
  if (name === undefined) return "";
  return `${short ? name.replace(/^train\//, "") : name} ${figure(fromWireNumber(latest[name]))}`;
}
