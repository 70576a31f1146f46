import { toJson } from "@signalbox/protocol/wire/wire-number";
import { SignalboxClient } from "../client.ts";
import { CliError, exitCodes, Interrupted } from "./exit.ts";
import { hasColour, type Io, isTerminal } from "./io.ts";
import { aligned, type Cell, type Column, tabSeparated } from "./table.ts";

/** What every command works with: input and output, client, cancellation. */
export class CliContext {
  readonly io: Io;
  /** `--url`, where given. */
  url: string | undefined;
  exitCode: number = exitCodes.success;
  /** Printed when the program is interrupted. */
  exitMessage: string | null = null;
  readonly #controller = new AbortController();
  #client: SignalboxClient | null = null;

  constructor(io: Io) {
    this.io = io;
  }

  /** The dashboard, by `--url`, the environment or the credentials file. */
  get client(): SignalboxClient {
    this.#client ??= new SignalboxClient({ baseUrl: this.url, environment: this.io.environment });
    return this.#client;
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get colour(): boolean {
    return hasColour(this.io);
  }

  get terminal(): boolean {
    return isTerminal(this.io.stdout);
  }

  interrupt(exitCode: number = exitCodes.interrupted): void {
    this.#controller.abort(new Interrupted(exitCode));
  }

  print(line: string): void {
    this.io.stdout.write(`${line}\n`);
  }

  /** Prints a line on standard error, apart from the output itself. */
  note(line: string): void {
    this.io.stderr.write(`${line}\n`);
  }

  json(value: unknown): void {
    this.print(toJson(value));
  }

  /** A table in a terminal, tab-separated lines anywhere else. */
  table(columns: readonly Column[], rows: readonly Cell[][]): void {
    const lines = this.terminal
      ? aligned(columns, rows, this.io.stdout.columns || 80, this.colour)
      : tabSeparated(columns, rows);
    for (const line of lines) this.print(line);
  }

  /** The page of a run on the dashboard. */
  pageOf(jobId: string): string {
    return `${this.client.baseUrl}/runs/${encodeURIComponent(jobId)}`;
  }

  fail(message: string, exitCode: number = exitCodes.failure): never {
    throw new CliError(message, exitCode);
  }
}
