import { isSettled } from "@signalbox/protocol/job/command-status";
import { ownValue } from "@signalbox/protocol/wire/json";
import type { Command as CommanderCommand } from "commander";
import { figure, plainText } from "../handlers/plain-text.ts";
import type { Command, Job, JsonObject } from "../types.ts";
import type { CliContext } from "./context.ts";
import { exitCodes } from "./exit.ts";
import { integer, paint } from "./text.ts";
import { numberOption } from "./values.ts";

export interface WaitOptions {
  wait: boolean;
  timeout?: number;
  reason?: string;
  json?: boolean;
}

/** Options of commands that wait for the trainer. */
export function addWaitOptions(command: CommanderCommand): CommanderCommand {
  return command
    .option("--reason <text>", "shown in the run's timeline")
    .option("--no-wait", "return as soon as the command is stored")
    .option(
      "--timeout <seconds>",
      "stop waiting for the trainer after this long; the command stays queued",
      numberOption({ min: 0.1, whole: false }),
    )
    .option("--json", "the command as JSON");
}

/** Waits for the trainer's answer and prints it; resolves to the exit code, 0 if applied. */
export async function waitForCommand(
  cli: CliContext,
  job: Job,
  requested: Command,
  options: WaitOptions,
): Promise<number> {
  const label = commandLabel(requested);
  cli.exitMessage = `\nThe command stays queued: ${label} of “${plainText(job.name)}” was requested.`;
  let command = requested;
  if (options.wait && !isSettled(command)) {
    if (!options.json && cli.terminal) cli.note(`${label} requested; waiting for the trainer …`);
    command = await cli.client.control.waitFor(job.id, command, {
      signal: cli.signal,
      timeoutMs: options.timeout === undefined ? undefined : options.timeout * 1000,
    });
  }
  if (options.json) cli.json(command);
  else cli.print(outcome(cli, command, label));
  return ["rejected", "expired"].includes(command.status) ? exitCodes.failure : exitCodes.success;
}

function commandLabel({ type }: Command): string {
  return type === "update_params" ? "parameter change" : type;
}

function outcome(cli: CliContext, command: Command, label: string): string {
  const at = command.applied_step === null ? "" : ` at step ${integer(command.applied_step)}`;
  const why = command.reason ? `: ${plainText(command.reason)}` : "";
  switch (command.status) {
    case "applied":
      return paint(`✓ ${label} applied${at}${changes(command)}`, "green", cli.colour);
    case "rejected":
      return paint(`✗ ${label} rejected${why}`, "red", cli.colour);
    case "expired":
      return paint(`✗ ${label} expired: no trainer picked it up${why}`, "red", cli.colour);
    default:
      return `${label} requested (${command.id})`;
  }
}

/** `: learning_rate 0.003 → 0.0015` */
function changes(command: Command): string {
  const names = Object.keys(command.new ?? {});
  if (command.type !== "update_params" || names.length === 0) return "";
  const value = (of: JsonObject | null, name: string) => {
    const one = of && ownValue(of, name);
    return typeof one === "number" ? figure(one) : JSON.stringify(one);
  };
  const shown = names.map(
    (name) => `${name} ${value(command.old, name)} → ${value(command.new, name)}`,
  );
  return plainText(`: ${shown.join(", ")}`);
}
