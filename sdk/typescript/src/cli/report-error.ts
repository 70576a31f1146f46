import { CommanderError } from "commander";
import {
  BadRequestError,
  ForbiddenError,
  SettingsError,
  SignalboxError,
  UnauthorizedError,
  UnsupportedError,
} from "../errors.ts";
import { plainText } from "../handlers/plain-text.ts";
import { isRecord } from "../wire.ts";
import type { CliContext } from "./context.ts";
import { CliError, exitCodes, Interrupted } from "./exit.ts";

/** Tells a failure on standard error; returns the exit code that it means. */
export function reportError(error: unknown, cli: CliContext): number {
  if (error instanceof Interrupted) {
    if (cli.parting) cli.remark(cli.parting);
    return error.exitCode;
  }
  // Commander has said it already; help and the version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof CliError) {
    cli.remark(`signalbox: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof SignalboxError) {
    cli.remark(`signalbox: ${errorText(error)}`);
    return isUsage(error) ? exitCodes.usage : exitCodes.failure;
  }
  cli.remark(`signalbox: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  return exitCodes.failure;
}

/** Whether what was typed, or a file that it names, is at fault. */
function isUsage(error: SignalboxError): boolean {
  return [SettingsError, BadRequestError, UnsupportedError].some((kind) => error instanceof kind);
}

/** A server's refusal with what helps: the fields that are wrong, the way to a key, the request. */
function errorText(error: SignalboxError): string {
  const message = plainText(error.message);
  // The first problem is often the message itself.
  const lines = [message, ...problems(error.details).filter((one) => !message.includes(one))];
  if (error instanceof UnauthorizedError) {
    lines.push("The key is missing or not good: `signalbox login` stores one.");
  }
  if (error instanceof ForbiddenError) lines.push("`signalbox doctor` shows what this key may do.");
  if (error.requestId && error.status !== null && error.status >= 500) {
    lines.push(`Request ${error.requestId}: the server's log has it.`);
  }
  return lines.join("\n  ");
}

/** The wrong fields that an error names, one a line. */
function problems(details: unknown): string[] {
  if (!isRecord(details)) return [];
  const listed = [details.issues, details.fields].find(Array.isArray) ?? [];
  return listed.filter(isRecord).map((issue) => {
    const field = issue.path ?? issue.field ?? "";
    return plainText(`${field}: ${issue.message ?? ""}`);
  });
}
