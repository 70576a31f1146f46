import { isJsonObject } from "@signalbox/protocol/wire/json";
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
import type { CliContext } from "./context.ts";
import { CliError, exitCodes, Interrupted } from "./exit.ts";

/** Prints a failure on standard error and returns its exit code. */
export function reportError(error: unknown, cli: CliContext): number {
  if (error instanceof Interrupted) {
    if (cli.exitMessage) cli.note(cli.exitMessage);
    return error.exitCode;
  }
  // Commander has printed it already; help and the version are not failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof CliError) {
    cli.note(`signalbox: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof SignalboxError) {
    cli.note(`signalbox: ${errorText(error)}`);
    return isUsage(error) ? exitCodes.usage : exitCodes.failure;
  }
  cli.note(`signalbox: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  return exitCodes.failure;
}

/** Whether the arguments, or a file that they name, are at fault. */
function isUsage(error: SignalboxError): boolean {
  return [SettingsError, BadRequestError, UnsupportedError].some((kind) => error instanceof kind);
}

/** A server's error with what helps to fix it: invalid fields, how to sign in, the request id. */
function errorText(error: SignalboxError): string {
  const message = plainText(error.message);
  // The first problem is often the message itself.
  const lines = [message, ...problems(error.details).filter((one) => !message.includes(one))];
  if (error instanceof UnauthorizedError) {
    lines.push("The API key is missing or invalid. Run `signalbox login` to store one.");
  }
  if (error instanceof ForbiddenError)
    lines.push("Run `signalbox doctor` to see what this key may do.");
  if (error.requestId && error.status !== null && error.status >= 500) {
    lines.push(`Look for request ${error.requestId} in the server's log.`);
  }
  return lines.join("\n  ");
}

/** The invalid fields that an error names, one per line. */
function problems(details: unknown): string[] {
  if (!isJsonObject(details)) return [];
  const listed = [details.issues, details.fields].find(Array.isArray) ?? [];
  return listed.filter(isJsonObject).map((issue) => {
    const field = issue.path ?? issue.field ?? "";
    return plainText(`${field}: ${issue.message ?? ""}`);
  });
}
