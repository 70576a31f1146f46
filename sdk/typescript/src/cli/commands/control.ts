import { type Command, Option } from "commander";
import type { Job, Command as JobCommand } from "../../types.ts";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import { addWaitOptions, type WaitOptions, waitForCommand } from "../wait-for-command.ts";

interface ControlCommand<Options> {
  name: string;
  description: string;
  examples: string;
  options?: (command: Command) => Command;
  request: (cli: CliContext, job: Job, options: Options & WaitOptions) => Promise<JobCommand>;
}

/** pause, resume, stop, checkpoint. */
export function addControlCommands(program: Command, cli: CliContext): void {
  add<{ mode?: "hold" | "release" }>(program, cli, {
    name: "pause",
    description: "pause a run at the next step",
    examples: `  signalbox pause my-run
  signalbox pause my-run --mode hold       keeps the process and its memory`,
    options: (command) =>
      command.addOption(
        new Option(
          "--mode <mode>",
          "release: save a checkpoint and exit; hold: keep the process waiting between steps",
        ).choices(["release", "hold"]),
      ),
    request: ({ client, signal }, { id }, { mode, reason }) =>
      client.control.pause(id, { mode, reason, signal }),
  });
  add<{ checkpoint?: string }>(program, cli, {
    name: "resume",
    description: "resume a paused run",
    examples: `  signalbox resume my-run
  signalbox resume my-run --checkpoint step-4310`,
    options: (command) =>
      command.option("--checkpoint <id>", "from this checkpoint instead of the latest"),
    request: ({ client, signal }, { id }, { checkpoint, reason }) =>
      client.control.resume(id, { checkpointId: checkpoint, reason, signal }),
  });
  add(program, cli, {
    name: "stop",
    description: "stop a run; checkpoints, logs and metrics are kept",
    examples: "  signalbox stop my-run --reason 'diverged'",
    request: ({ client, signal }, { id }, { reason }) =>
      client.control.stop(id, { reason, signal }),
  });
  add(program, cli, {
    name: "checkpoint",
    description: "save a checkpoint now",
    examples: "  signalbox checkpoint my-run",
    request: ({ client, signal }, { id }, { reason }) =>
      client.control.checkpoint(id, { reason, signal }),
  });
}

function add<Options extends object = object>(
  program: Command,
  cli: CliContext,
  definition: ControlCommand<Options>,
): void {
  const command = program
    .command(definition.name)
    .description(definition.description)
    .argument("<run>", "its id or name");
  addWaitOptions(definition.options?.(command) ?? command)
    .addHelpText("after", `\nExamples:\n${definition.examples}`)
    .action(async (run: string, options: Options & WaitOptions) => {
      const job = await findJob(cli, run);
      const requested = await definition.request(cli, job, options);
      cli.exitCode = await waitForCommand(cli, job, requested, options);
    });
}
