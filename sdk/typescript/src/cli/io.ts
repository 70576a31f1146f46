import { type Environment, processEnvironment } from "../credentials-files.ts";

/** Where the program reads and writes, and what it may use there. */
export interface Io {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  environment: Environment;
}

export function processIo(): Io {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, environment: processEnvironment() };
}

/** Whether people read along: a terminal, not a pipe or a file. */
export function isTerminal(output: NodeJS.WriteStream): boolean {
  return output.isTTY === true;
}

/** Whether colours may be written: a terminal, and no `NO_COLOR`. */
export function hasColour(io: Io, output = io.stdout): boolean {
  return isTerminal(output) && !io.environment.env.NO_COLOR && io.environment.env.TERM !== "dumb";
}
