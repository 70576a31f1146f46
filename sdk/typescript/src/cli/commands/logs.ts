import type { Command } from "commander";
import { CallbackHandler } from "../../handlers/callback-handler.ts";
import { writeTo } from "../../handlers/output.ts";
import { plainText } from "../../handlers/plain-text.ts";
import { isTerminal, type Job } from "../../types.ts";
import type { CliContext } from "../context.ts";
import { findJob } from "../find-job.ts";
import { paint } from "../text.ts";
import { numberOption } from "../values.ts";

interface LogsOptions {
  follow?: boolean;
  tail?: number;
  search?: string;
  timestamps?: boolean;
}

interface Line {
  line: number;
  stream: string;
  text: string;
  ts: string;
}

const examples = `
In a terminal, lines of standard error are red and control codes are removed. In a pipe, lines are
printed as they were written.

Examples:
  signalbox logs my-run
  signalbox logs my-run -n 50 -f
  signalbox logs my-run -q warning --timestamps`;

/** A run's log. */
export function addLogsCommand(program: Command, cli: CliContext): void {
  program
    .command("logs")
    .description("print a run's log (standard output and error)")
    .argument("<run>", "its id or name")
    .option("-f, --follow", "follow the log until the run ends")
    .option("-n, --tail <lines>", "only the last lines", numberOption({ min: 1, max: 5000 }))
    .option("-q, --search <text>", "only lines containing this text")
    .option("--timestamps", "prefix each line with its time")
    .addHelpText("after", examples)
    .action(async (run: string, options: LogsOptions) => {
      const job = await findJob(cli, run);
      const last = await printStored(cli, job, options);
      if (options.follow && !isTerminal(job.status)) await follow(cli, job, options, last);
    });
}

/** Prints the stored lines; returns the number of the last one. */
async function printStored(cli: CliContext, job: Job, options: LogsOptions): Promise<number> {
  const { logs } = cli.client;
  const { signal } = cli;
  let last = 0;
  const print = async (line: Line) => {
    last = Math.max(last, line.line);
    await writeTo(cli.io.stdout, `${lineText(cli, line, options)}\n`);
  };
  const query = { q: options.search, tail: options.tail };
  for await (const line of logs.lines(job.id, query, { signal })) await print(line);
  return last;
}

/** Follows from where the run was before its stored lines were read; no line is printed twice. */
async function follow(
  cli: CliContext,
  job: Job,
  options: LogsOptions,
  printed: number,
): Promise<void> {
  cli.exitMessage = `\nDetached. “${plainText(job.name)}” keeps running.`;
  const wanted = options.search?.toLowerCase();
  const handler = new CallbackHandler({
    logs: ({ data, timestamp }) => {
      if (data.line <= printed) return;
      if (wanted && !data.text.toLowerCase().includes(wanted)) return;
      return writeTo(cli.io.stdout, `${lineText(cli, { ...data, ts: timestamp }, options)}\n`);
    },
  });
  await cli.client
    .streamer(job.id, {
      config: { streams: ["logs"] },
      handlers: [handler],
      cursor: { generation: job.generation, seq: job.last_seq },
      signal: cli.signal,
    })
    .streamUntilTerminal();
}

function lineText(cli: CliContext, { stream, text, ts }: Line, options: LogsOptions): string {
  const time = options.timestamps ? `${paint(ts, "dim", cli.colour)} ` : "";
  if (!cli.terminal) return time + text;
  const shown = plainText(text.replaceAll("\t", "    "));
  return time + paint(shown, stream === "stderr" ? "red" : null, cli.colour);
}
