import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { type Command, Option } from "commander";
import type { CliContext } from "../context.ts";
import { numberOption } from "../values.ts";

const syncNotes = `
Sends the data that Python scripts could not send, in order and without duplicates, and skips active runs.
The exit code is 1 if something was refused or could not be sent.

Examples:
  signalbox sync
  signalbox sync ~/experiments/one`;

const tensorboardNotes = `
Each folder with event files, at or below the given one, becomes a run. A restart continues where it stopped.
Ctrl-C finishes the runs; new values later continue them.

Examples:
  signalbox tensorboard logs
  signalbox tensorboard logs --once --project imported`;

/** Commands about files of Python programs. The Python package carries them out. */
export function addPythonCommands(program: Command, cli: CliContext): void {
  program
    .command("sync")
    .description("send what Python scripts left on disk")
    .argument("[folder]", "the folder of the script (default: the current one)")
    .option(
      "--api-key <key>",
      "the API key; prefer SIGNALBOX_API_KEY, since other users can see arguments",
    )
    .addHelpText("after", syncNotes)
    .action((_folder, _options, command: Command) => runInPython(cli, command));
  program
    .command("tensorboard")
    .description("follow a TensorBoard log folder as runs")
    .argument("<folder>", "the log folder")
    .option("--once", "report what is there, then exit")
    .addOption(
      new Option("--interval <seconds>", "seconds between checks (default: 2)").argParser(
        numberOption({ min: 0.1, max: 3600, whole: false }),
      ),
    )
    .option(
      "--idle <seconds>",
      "finish a run after this long without new values (default: 600)",
      numberOption({ min: 0, whole: false }),
    )
    .option("--project <name>", "tag the runs with project:<name>")
    .option("--dir <folder>", "where journals are kept (default: the current folder)")
    .addHelpText("after", tensorboardNotes)
    .action((_folder, _options, command: Command) => runInPython(cli, command));
}

/** Runs the same command with the Python package, in this terminal. */
async function runInPython(cli: CliContext, command: Command): Promise<void> {
  const env = { ...process.env, ...cli.io.environment.env };
  const python = ["python3", "python"].find(
    (each) => spawnSync(each, ["-c", "import signalbox.cli"], { env }).status === 0,
  );
  if (!python) {
    cli.fail(
      `\`signalbox ${command.name()}\` needs Python with the signalbox package, and found none. ` +
        "Install it with `pip install ./sdk/python` in the clone.",
    );
  }
  const options = Object.entries(command.optsWithGlobals<Record<string, unknown>>()).flatMap(
    ([name, value]) => {
      const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
      return value === true ? [flag] : [`${flag}=${value}`];
    },
  );
  const words = ["-m", "signalbox", command.name(), ...options, "--", ...command.args];
  const child = spawn(python, words, { env, cwd: cli.io.environment.cwd, stdio: "inherit" });
  // Ctrl-C reaches the child, too, which ends in its own way.
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  cli.exitCode = code ?? 128 + constants.signals[signal ?? "SIGTERM"];
}
