import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import { parseAssignment } from "../values.ts";
import { addWaitOptions, type WaitOptions, waitForCommand } from "../wait-for-command.ts";

const examples = `
\`signalbox show\` lists the live parameters of a run with their ranges.

Examples:
  signalbox set my-run learning_rate=1.5e-3
  signalbox set my-run learning_rate=1e-4 --reason 'loss plateaued' --no-wait`;

/** Changes live parameters of a run. */
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
      cli.exitCode = await waitForCommand(cli, job, requested, options);
    });
}
