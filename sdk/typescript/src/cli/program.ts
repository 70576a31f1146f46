import { Command } from "commander";
import { addBackupCommands } from "./commands/backup.ts";
import { addControlCommands } from "./commands/control.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addLoginCommand } from "./commands/login.ts";
import { addLogsCommand } from "./commands/logs.ts";
import { addMetricsCommand } from "./commands/metrics.ts";
import { addOpenCommand } from "./commands/open.ts";
import { addPredictionsCommand } from "./commands/predictions.ts";
import { addPythonCommands } from "./commands/python.ts";
import { addRunsCommand } from "./commands/runs.ts";
import { addSetCommand } from "./commands/set.ts";
import { addShowCommand } from "./commands/show.ts";
import { addTrainCommand } from "./commands/train.ts";
import { addWatchCommand } from "./commands/watch.ts";
import type { CliContext } from "./context.ts";
import { hasColour } from "./io.ts";
import { packageVersion } from "./version.ts";

const epilogue = `
Name a run by its id, its name, or a unique prefix of either.

Settings come from --url, SIGNALBOX_URL and SIGNALBOX_API_KEY, else from the credentials file that
\`signalbox login\` (or \`npm start\` of the dashboard) wrote. NO_COLOR turns colours off.

Exit codes:
  0    success; for a followed run: it succeeded
  1    the run or the command failed
  2    invalid arguments, configuration or settings
  3    the followed run was cancelled
  130  Ctrl-C; a followed run keeps running

Examples:
  signalbox login
  signalbox train --config run.toml
  signalbox runs --status running
  signalbox watch my-run
  signalbox set my-run learning_rate=1.5e-3
  signalbox metrics my-run --csv > my-run.csv`;

/** The command line. */
export function buildProgram(cli: CliContext): Command {
  const program = new Command("signalbox")
    .description("Start, watch and control training runs on a Signalbox dashboard.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .option("--url <url>", "the dashboard's URL")
    .addHelpText("after", epilogue)
    .showHelpAfterError("(see --help)")
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
  addPythonCommands(program, cli);
  addBackupCommands(program, cli);
  return program;
}
