import { createInterface } from "node:readline/promises";
import { password, text } from "@clack/prompts";
import type { CliContext } from "./context.ts";

/** Prompts write to standard error: standard output is for results. */
function promptOptions({ io, signal }: CliContext) {
  return { input: io.stdin, output: io.stderr, signal, withGuide: false };
}

/** Ends the program as Ctrl-C does elsewhere when a prompt was cancelled. */
function answered(cli: CliContext, answer: string | symbol | undefined): string {
  if (typeof answer === "symbol") {
    cli.interrupt();
    throw cli.signal.reason;
  }
  return (answer ?? "").trim();
}

/** Asks for a line in the terminal; an empty answer means the default. */
export async function promptText(
  cli: CliContext,
  message: string,
  defaultValue: string,
): Promise<string> {
  const options = { ...promptOptions(cli), message, placeholder: defaultValue, defaultValue };
  return answered(cli, await text(options)) || defaultValue;
}

/** Asks for a secret in the terminal; what is typed or pasted is masked. */
export async function promptSecret(cli: CliContext, message: string): Promise<string> {
  return answered(cli, await password({ ...promptOptions(cli), message }));
}

/** The first line of what is piped in. */
export async function readPiped(cli: CliContext): Promise<string> {
  const lines = createInterface({ input: cli.io.stdin });
  try {
    for await (const line of lines) return line.trim();
    return "";
  } finally {
    lines.close();
  }
}
