import { jobKinds } from "@signalbox/protocol/job/job-kind";
import { type Command, Option } from "commander";
import type { JobKind } from "../../types.ts";
import type { CliContext } from "../context.ts";
import { exitCodes } from "../exit.ts";
import { addFollowOptions, checkFollowOptions, type FollowOptions, followJob } from "../follow.ts";
import { readRunFile } from "../run-config.ts";

interface TrainOptions extends FollowOptions {
  config: string;
  type?: JobKind;
  name?: string;
  tag?: string[];
  set?: string[];
  poll: boolean;
}

const collect = (text: string, previous: string[] | undefined) => [...(previous ?? []), text];

const examples = `
The file:
  kind = "sft"
  name = "first try"
  tags = ["g2p"]
  [config]
  epochs = 10
  learning_rate = 3e-3

Examples:
  signalbox train --config run.toml
  signalbox train --config run.toml --type rl --set learning_rate=1e-3 --tag sweep
  signalbox train --config run.toml --quiet                      prints the final status
  signalbox train --config run.toml --no-poll --quiet            prints the run's id
  signalbox train --config run.toml --stream metrics --filter-metrics 'eval/*'
  signalbox train --config run.toml --format json | jq .
  signalbox train --config run.toml --json-output run.jsonl`;

/** Starts a run on the training backend, and follows it to its end. */
export function addTrainCommand(program: Command, cli: CliContext): void {
  const command = program
    .command("train")
    .description("start a run and follow it until it ends")
    .requiredOption("--config <file>", "the run's TOML file")
    .addOption(
      new Option(
        "--type <type>",
        "the kind of training (default: kind in the file, else sft)",
      ).choices(jobKinds),
    )
    .option("--name <name>", "the run's name; overrides the file")
    .option("--tag <tag>", "add a tag to those of the file (repeatable)", collect)
    .option("--set <name=value>", "a trainer setting; overrides the file (repeatable)", collect)
    .option("--poll", "follow the run until it ends", true)
    .option("--no-poll", "start the run and return immediately");
  addFollowOptions(command)
    .addHelpText("after", examples)
    .action(async (options: TrainOptions) => {
      cli.exitCode = await train(cli, options);
    });
}

async function train(cli: CliContext, options: TrainOptions): Promise<number> {
  const format = checkFollowOptions(cli, options);
  const run = readRunFile(options.config, options);
  cli.exitMessage = "\nThe run may have been started; check `signalbox runs`.";
  const handle = await cli.client.jobs.create(run, { signal: cli.signal });
  const job = handle.job ?? (await handle.refresh({ signal: cli.signal }));
  const started = `Started “${job.name}” (${job.id})  ${cli.pageOf(job.id)}`;
  if (options.poll) {
    if (format === "json") cli.note(started);
    else if (format !== "quiet") cli.print(started);
    return followJob(cli, job, options);
  }
  if (format === "json") cli.json(job);
  else cli.print(format === "quiet" ? job.id : started);
  return exitCodes.success;
}
