import { Command } from "commander";
import { addControlCommands } from "./commands/control.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addLoginCommand } from "./commands/login.ts";
import { addLogsCommand } from "./commands/logs.ts";
import { addMetricsCommand } from "./commands/metrics.ts";
import { addOpenCommand } from "./commands/open.ts";
import { addPredictionsCommand } from "./commands/predictions.ts";
import { addRunsCommand } from "./commands/runs.ts";
import { addSetCommand } from "./commands/set.ts";
import { addShowCommand } from "./commands/show.ts";
import { addTrainCommand } from "./commands/train.ts";
import { addWatchCommand } from "./commands/watch.ts";
import type { CliContext } from "./context.ts";
import { hasColour } from "./io.ts";
import { packageVersion } from "./version.ts";

const epilogue = `
A run is named by its id, its name, or the beginning of either where only one begins so.

Settings: --url, SIGNALBOX_URL and SIGNALBOX_API_KEY, else the credentials file that
\`signalbox login\` (or \`npm start\` of the dashboard) wrote. NO_COLOR switches colours off.

Exit codes:
  0    done; of a followed run: it succeeded
  1    failed: the run, or the command
  2    arguments, configuration or settings that are wrong
  3    the followed run was cancelled
  130  Ctrl-C; a run that was followed is left alone

Examples:
  signalbox login
  signalbox train --config run.toml --type sft
  signalbox runs --status running
  signalbox watch my-run
  signalbox set my-run learning_rate=1.5e-3
  signalbox metrics my-run --csv > my-run.csv`;

/** The command line. */
export function buildProgram(cli: CliContext): Command {
  const program = new Command("signalbox")
    .description("Start, watch and steer training runs on a Signalbox dashboard.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .option("--url <address>", "the dashboard's address")
    .addHelpText("after", epilogue)
    .showHelpAfterError("(--help says more)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.io.stdout.write(text),
      writeErr: (text) => cli.io.stderr.write(text),
      getOutHasColors: () => hasColour(cli.io),
      getErrHasColors: () => hasColour(cli.io, cli.io.stderr),
    })
    .hook("preAction", (_program, command) => {
      cli.url = command.optsWithGlobals<{ url?: string }>().url;
    });
  addTrainCommand(program, cli);
  addWatchCommand(program, cli);
  addRunsCommand(program, cli);
  addShowCommand(program, cli);
  addLogsCommand(program, cli);
  addMetricsCommand(program, cli);
  addPredictionsCommand(program, cli);
  addControlCommands(program, cli);
  addSetCommand(program, cli);
  addOpenCommand(program, cli);
  addLoginCommand(program, cli);
  addDoctorCommand(program, cli);
  return program;
}
