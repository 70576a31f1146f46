import type { Command } from "commander";
import { addWaitOptions, awaitCommand, type WaitOptions } from "../await-command.ts";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import { parseAssignment } from "../values.ts";

const examples = `
\`signalbox show\` lists the parameters that a run takes, with their ranges.

Examples:
  signalbox set my-run learning_rate=1.5e-3
  signalbox set my-run learning_rate=1e-4 --reason 'the loss stands still' --no-wait`;

/** Changes parameters while a run trains. */
export function addSetCommand(program: Command, cli: CliContext): void {
  const command = program
    .command("set")
    .description("change parameters of a run while it trains")
    .argument("<run>", "its id or name")
    .argument("<name=value...>", "new values");
  addWaitOptions(command)
    .addHelpText("after", examples)
    .action(async (run: string, assignments: string[], options: WaitOptions) => {
      const params = Object.fromEntries(assignments.map(parseAssignment));
      const job = await findJob(cli, run);
      const { reason } = options;
      const requested = await cli.client.control.updateParams(job.id, params, {
        reason,
        signal: cli.signal,
      });
      cli.exitCode = await awaitCommand(cli, job, requested, options);
    });
}
