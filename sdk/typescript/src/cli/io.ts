import { type Surroundings, surroundings } from "../settings.ts";

/** Where the program reads and writes, and what it may use there. */
export interface Io {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  around: Surroundings;
}

export function processIo(): Io {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, around: surroundings() };
}

/** Whether people read along: a terminal, not a pipe or a file. */
export function isTerminal(output: NodeJS.WriteStream): boolean {
  return output.isTTY === true;
}

/** Whether colours may be written: a terminal, and no `NO_COLOR`. */
export function hasColour(io: Io, output = io.stdout): boolean {
  return isTerminal(output) && !io.around.env.NO_COLOR && io.around.env.TERM !== "dumb";
}
