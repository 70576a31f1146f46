import { createInterface } from "node:readline/promises";
import type { CliContext } from "./context.ts";
import { usageError } from "./exit.ts";

/** Asks for a line in the terminal; an empty answer is the suggestion. */
export async function askLine(cli: CliContext, question: string, suggestion: string) {
  const { stdin, stderr } = cli.io;
  const lines = createInterface({ input: stdin, output: stderr, terminal: true });
  lines.once("SIGINT", () => cli.interrupt());
  try {
    const answer = await lines.question(`${question} [${suggestion}]: `, { signal: cli.signal });
    return answer.trim() || suggestion;
  } catch (error) {
    throw cli.signal.aborted ? cli.signal.reason : error;
  } finally {
    lines.close();
  }
}

/** Asks for a secret in the terminal: what is typed or pasted is not shown. */
export function askSecret(cli: CliContext, question: string): Promise<string> {
  const { stdin, stderr } = cli.io;
  // Before the question: what is typed at once must not be shown either.
  stdin.setRawMode(true);
  stderr.write(`${question}: `);
  stdin.setEncoding("utf8");
  stdin.resume();
  return new Promise<string>((resolve, reject) => {
    let secret = "";
    const end = (settle: () => void) => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      settle();
    };
    const onData = (chunk: string) => {
      for (const key of chunk) {
        if (key === "\r" || key === "\n") return end(() => resolve(secret.trim()));
        if (key === "\u0003") {
          cli.interrupt();
          return end(() => reject(cli.signal.reason));
        }
        if (key === "\u0004") return end(() => reject(usageError("No key was given.")));
        if (key === "\u007f" || key === "\b") secret = secret.slice(0, -1);
        else if (key >= " ") secret += key;
      }
    };
    stdin.on("data", onData);
  });
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
