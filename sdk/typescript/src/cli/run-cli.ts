import { CliContext } from "./context.ts";
import { type Io, processIo } from "./io.ts";
import { buildProgram } from "./program.ts";
import { reportError } from "./report-error.ts";

const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/** Runs one command line; returns its exit code. */
export async function runCli(args: readonly string[], io: Io = processIo()): Promise<number> {
  const cli = new CliContext(io);
  const stopListening = listenForSignals(cli);
  // The reader may close the pipe: `signalbox logs … | head`.
  io.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  // Notes are lost then; the command itself goes on.
  io.stderr.on("error", () => {});
  try {
    await buildProgram(cli).parseAsync(args, { from: "user" });
    return cli.exitCode;
  } catch (error) {
    return reportError(error, cli);
  } finally {
    stopListening();
  }
}

/** The first Ctrl-C ends the command gracefully, the second at once. */
function listenForSignals(cli: CliContext): () => void {
  const listeners = Object.entries(signals).map(([signal, exitCode]) => {
    const listener = () => {
      if (cli.signal.aborted) process.exit(exitCode);
      cli.interrupt(exitCode);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const stop of listeners) stop();
  };
}
