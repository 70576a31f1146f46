import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import { addFollowOptions, checkFollowOptions, type FollowOptions, followJob } from "../follow.ts";

interface WatchOptions extends FollowOptions {
  new?: boolean;
}

const examples = `
Examples:
  signalbox watch my-run
  signalbox watch my-run --new --stream events --filter-events level=error
  signalbox watch my-run --format json --stream all | jq .
  signalbox watch my-run --quiet                        prints the final status`;

/** Follows an existing run. */
export function addWatchCommand(program: Command, cli: CliContext): void {
  const command = program
    .command("watch")
    .description("follow a run until it ends")
    .argument("<run>", "its id or name")
    .option("--new", "skip everything before now");
  addFollowOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, options: WatchOptions) => {
      checkFollowOptions(cli, options);
      const job = await findJob(cli, run);
      const now = { generation: job.generation, seq: job.last_seq };
      cli.exitCode = await followJob(cli, job, options, options.new ? now : undefined);
    });
}
