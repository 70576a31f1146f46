import { PassThrough } from "node:stream";
import type { Io } from "../io.ts";
import { runCli } from "../run-cli.ts";

export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process, its input and output pipes, in a home of its own. */
export async function runHere(
  args: readonly string[],
  env: Record<string, string> = {},
  home = "/nowhere",
): Promise<Ended> {
  const [out, err, stdin] = [pipe(), pipe(), new PassThrough()];
  stdin.end();
  const io: Io = {
    stdin: asInput(stdin),
    stdout: out.stream,
    stderr: err.stream,
    environment: { env, cwd: home, home },
  };
  const code = await runCli(args, io);
  return { code, out: out.text(), err: err.text() };
}

function pipe() {
  const stream = new PassThrough();
  let text = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return { stream: asOutput(stream), text: () => text };
}

/** Of a terminal's stream the program uses only what any stream has, and `isTTY`, which is absent. */
function asOutput(stream: PassThrough): NodeJS.WriteStream {
  return stream as unknown as NodeJS.WriteStream;
}

function asInput(stream: PassThrough): NodeJS.ReadStream {
  return stream as unknown as NodeJS.ReadStream;
}
