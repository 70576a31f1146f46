import { closeSync, openSync } from "node:fs";
import { type Command, Option } from "commander";
import { CLIHandler } from "../handlers/cli-handler.ts";
import type { MessageHandler } from "../handlers/handler.ts";
import { JSONHandler } from "../handlers/json-handler.ts";
import { RichHandler } from "../handlers/rich-handler.ts";
import { StreamConfig } from "../stream/config.ts";
import { type StreamType, streamTypes } from "../stream/message.ts";
import type { Cursor } from "../stream/rows.ts";
import { isTerminal, type Job } from "../types.ts";
import type { CliContext } from "./context.ts";
import { exitCodes, usageError } from "./exit.ts";
import { outcomeText } from "./text.ts";
import { listOption, numberOption } from "./values.ts";

export type FollowFormat = "rich" | "cli" | "json" | "quiet";

export interface FollowOptions {
  stream?: (StreamType | "all")[];
  format?: FollowFormat;
  quiet?: boolean;
  filterEvents?: string[];
  filterMetrics?: string[];
  jsonOutput?: string;
  sampleRate?: number;
  transport?: "auto" | "sse" | "poll";
  interval?: number;
  timeout?: number;
}

/** The options of commands that follow a run. */
export function addFollowOptions(command: Command): Command {
  const streams = [...streamTypes, "all"] as const;
  return command
    .addOption(
      new Option(
        "--stream <kind...>",
        `what to show: ${streams.join(", ")} (default: status, events, metrics, timeline)`,
      ).argParser((text: string, previous: string[] | undefined) => {
        for (const kind of listOption(text, [])) {
          if (!streams.some((known) => known === kind)) {
            throw usageError(
              `--stream: “${kind}” is not one of ${streams.join(", ")}. Put the run before --stream.`,
            );
          }
        }
        return listOption(text, previous);
      }),
    )
    .addOption(
      new Option(
        "--format <format>",
        "output format (default: rich in a terminal, else cli)",
      ).choices(["rich", "cli", "json", "quiet"]),
    )
    .option("--quiet", "print only the final status; the same as --format quiet")
    .option(
      "--filter-events <filter>",
      "only events of these types, or with level=… of these levels (repeatable)",
      listOption,
    )
    .option(
      "--filter-metrics <filter>",
      "only these series (* matches any text, train.loss also train/loss), or with phase=… of these phases (repeatable)",
      listOption,
    )
    .option("--json-output <file>", "also write every message to a file, one JSON object per line")
    .option(
      "--sample-rate <fraction>",
      "keep this fraction of the messages (0 to 1); status messages are always kept",
      numberOption({ min: 0, max: 1, whole: false }),
    )
    .addOption(
      new Option(
        "--transport <transport>",
        "live stream (sse), polling (poll), or polling as a fallback (auto)",
      ).choices(["auto", "sse", "poll"]),
    )
    .option(
      "--interval <seconds>",
      "polling interval (default: 2)",
      numberOption({ min: 0.1, max: 3600, whole: false }),
    )
    .option(
      "--timeout <seconds>",
      "stop following after this long; the run keeps running",
      numberOption({ min: 0.1, whole: false }),
    );
}

/**
 * Checks the options before anything is asked or started; returns the format.
 * @throws CliError or SettingsError for invalid ones
 */
export function checkFollowOptions(cli: CliContext, options: FollowOptions): FollowFormat {
  const format = formatOf(cli, options);
  streamConfigOf(options);
  requireWritable(options.jsonOutput);
  return format;
}

/** The chosen format, else the one that fits the output. Throws CliError if two are chosen. */
function formatOf(cli: CliContext, { format, quiet }: FollowOptions): FollowFormat {
  if (quiet && format !== undefined && format !== "quiet") {
    throw usageError(`--quiet and --format ${format} exclude each other.`);
  }
  return quiet ? "quiet" : (format ?? (cli.terminal ? "rich" : "cli"));
}

/** The stream configuration of the options. Throws SettingsError for a rate out of range. */
export function streamConfigOf(options: FollowOptions): StreamConfig {
  const events = split(options.filterEvents, "level");
  const metrics = split(options.filterMetrics, "phase");
  const all = options.stream?.includes("all");
  const streams = options.stream?.filter((kind) => kind !== "all");
  return new StreamConfig({
    ...(all ? { streams: streamTypes } : streams && { streams: [...new Set(streams)] }),
    event_types: events.plain,
    event_levels: events.named,
    metric_names: metrics.plain,
    metric_phases: metrics.named,
    sample_rate: options.sampleRate ?? 1,
  });
}

/** Splits filters into plain ones and those with `name=`; null if there are none. */
function split(filters: string[] | undefined, name: string) {
  const prefix = `${name}=`;
  const of = (values: string[]) => (values.length > 0 ? values : null);
  const all = filters ?? [];
  return {
    plain: of(all.filter((filter) => !filter.startsWith(prefix))),
    named: of(
      all.filter((filter) => filter.startsWith(prefix)).map((text) => text.slice(prefix.length)),
    ),
  };
}

/** Checks that a file can be written. */
function requireWritable(file: string | undefined): void {
  if (file === undefined) return;
  try {
    closeSync(openSync(file, "a"));
  } catch (error) {
    throw usageError(`Cannot write ${file}: ${error instanceof Error ? error.message : error}.`);
  }
}

/** Follows a run until it ends; returns the exit code for its final status. */
export async function followJob(
  cli: CliContext,
  job: Pick<Job, "id" | "name">,
  options: FollowOptions,
  cursor?: Cursor,
): Promise<number> {
  const format = formatOf(cli, options);
  const config = streamConfigOf(options);
  cli.exitMessage = detachMessage(job);
  const streamer = cli.client.streamer(job.id, {
    config,
    handlers: handlersOf(cli, format, options.jsonOutput),
    transport: options.transport ?? "auto",
    intervalSeconds: options.interval ?? 2,
    timeoutSeconds: options.timeout ?? null,
    signal: cli.signal,
    onHandlerError: (error) =>
      cli.note(`signalbox: output failed: ${error instanceof Error ? error.message : error}`),
    onFallback: (reason) => {
      if (format === "quiet") return;
      cli.note(`signalbox: streaming is unavailable, polling instead: ${reason}`);
    },
    ...(cursor && { cursor }),
  });
  const ended = await streamer.streamUntilTerminal();
  if (!ended) return exitCodes.failure;
  printOutcome(cli, format, ended);
  return streamer.handlerFailures > 0 ? exitCodes.failure : exitCodeOf(ended);
}

function handlersOf(cli: CliContext, format: FollowFormat, file: string | undefined) {
  const { stdout } = cli.io;
  const handlers: MessageHandler[] = [];
  if (format === "rich") handlers.push(new RichHandler({ output: stdout, colour: cli.colour }));
  if (format === "cli") handlers.push(new CLIHandler({ output: stdout }));
  if (format === "json") handlers.push(new JSONHandler({ output: stdout }));
  if (file !== undefined) handlers.push(new JSONHandler({ file }));
  return handlers;
}

function detachMessage({ id, name }: Pick<Job, "id" | "name">): string {
  return [
    `\nDetached from “${name}”. The run keeps running.`,
    `  reattach: signalbox watch ${id}`,
    `  stop it:  signalbox stop ${id}`,
  ].join("\n");
}

function printOutcome(cli: CliContext, format: FollowFormat, job: Job): void {
  if (format === "quiet") cli.print(job.status);
  else if (format !== "json") cli.print(outcomeText(job, cli.colour));
  else if (job.status === "failed") cli.note(`signalbox: ${outcomeText(job, false)}`);
}

/** 0 for a run that succeeded, 3 for one that was cancelled, 1 for one that failed. */
export function exitCodeOf({ status }: Pick<Job, "status">): number {
  if (status === "succeeded") return exitCodes.success;
  if (status === "cancelled") return exitCodes.cancelled;
  return isTerminal(status) ? exitCodes.failure : exitCodes.success;
}
