import { isSettled } from "@signalbox/protocol/job/command-status";
import { sleep } from "@signalbox/protocol/time/sleep";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import { NotFoundError, TimeoutError } from "../errors.ts";
import type { CallOptions, Http } from "../http.ts";
import { newId } from "../ids.ts";
import { followRows } from "../stream/follow-rows.ts";
import { loadJob, type SourceContext } from "../stream/rows.ts";
import { trusted } from "../trusted.ts";
import type { Command, CommandPage } from "../types.ts";
import { localPath } from "./paths.ts";

export interface CommandOptions extends CallOptions {
  /** Shown beside the command in the run's timeline. */
  reason?: string | undefined;
  /** Repeating an id repeats the same command; generated if absent. */
  commandId?: string | undefined;
}

interface Reply {
  command: Command;
}

const recent = 100;

/** The controls of a run. Each returns the requested command; `waitFor` returns its outcome. */
export class Control {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** `hold` keeps the process and its memory, `release` saves, verifies and exits. */
  pause(
    jobId: string,
    options: CommandOptions & { mode?: "hold" | "release" | undefined } = {},
  ): Promise<Command> {
    return this.#act(jobId, "pause", options, { mode: options.mode });
  }

  resume(
    jobId: string,
    options: CommandOptions & { checkpointId?: string | undefined } = {},
  ): Promise<Command> {
    return this.#act(jobId, "resume", options, { checkpoint_id: options.checkpointId });
  }

  stop(jobId: string, options: CommandOptions = {}): Promise<Command> {
    return this.#act(jobId, "stop", options);
  }

  checkpoint(jobId: string, options: CommandOptions = {}): Promise<Command> {
    return this.#act(jobId, "checkpoint", options);
  }

  /**
   * Requests new values of live parameters.
   * @throws UnsupportedError for others; `details.live_params` names the live ones
   */
  async updateParams(
    jobId: string,
    params: Record<string, number | string | boolean>,
    options: CommandOptions = {},
  ): Promise<Command> {
    const { reason, commandId = newId("cmd", this.#http.clock.wallTime()), ...call } = options;
    const { command } = await this.#http.json<Reply>("PATCH", localPath(jobId, "update-params"), {
      ...call,
      body: { ...params, reason, command_id: commandId },
      repeat: "always",
    });
    return command;
  }

  /** The commands of a run, newest first. */
  commands(
    jobId: string,
    query: { limit?: number | undefined; offset?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<CommandPage> {
    return this.#http.json("GET", localPath(jobId, "commands"), { ...options, query });
  }

  /**
   * Waits until a command is applied, rejected or expired, by the live stream, or by polling when
   * streaming is unavailable.
   * @throws TimeoutError after `timeoutMs` (default: none); NotFoundError for an unknown command
   */
  async waitFor(
    jobId: string,
    command: Command | string,
    options: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<Command> {
    const id = typeof command === "string" ? command : command.id;
    const controller = new AbortController();
    const onAbort = () => controller.abort(options.signal?.reason);
    if (options.signal?.aborted) onAbort();
    options.signal?.addEventListener("abort", onAbort, { once: true });
    const { clock } = this.#http;
    const { timeoutMs } = options;
    const late = () =>
      controller.abort(
        new TimeoutError({
          code: "timeout",
          message: `The command ${id} was not answered within ${(timeoutMs ?? 0) / 1000} s.`,
        }),
      );
    const timer = timeoutMs === undefined ? null : clock.setTimeout(late, timeoutMs);
    try {
      return await this.#settled(jobId, id, controller.signal);
    } finally {
      clock.clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
      controller.abort();
    }
  }

  async #settled(jobId: string, id: string, signal: AbortSignal): Promise<Command> {
    const context: SourceContext = {
      http: this.#http,
      jobId,
      signal,
      pageSize: 200,
      intervalMs: 1000,
      events: ["command"],
    };
    for (;;) {
      // The cursor is read first: what happens after it arrives by the stream.
      const { generation, last_seq } = await loadJob(context);
      const { commands } = await this.commands(jobId, { limit: recent }, { signal });
      const known = commands.find((one) => one.id === id);
      if (!known) {
        throw new NotFoundError({ code: "not_found", message: `Command ${id} not found.` });
      }
      if (isSettled(known)) return known;
      for await (const delivery of followRows(context, { generation, seq: last_seq }, "auto")) {
        if (delivery.kind !== "rows") break;
        for (const { event, data } of delivery.rows) {
          if (event !== "command" || !isJsonObject(data) || data.id !== id) continue;
          const command = trusted<Command>(data);
          if (isSettled(command)) return command;
        }
      }
      // The run has ended; its last commands may still be expiring.
      await sleep(this.#http.clock, 1000, signal);
    }
  }

  async #act(
    jobId: string,
    action: string,
    options: CommandOptions,
    more: Record<string, unknown> = {},
  ): Promise<Command> {
    const { signal, timeoutMs, reason } = options;
    const commandId = options.commandId ?? newId("cmd", this.#http.clock.wallTime());
    const { command } = await this.#http.json<Reply>("POST", localPath(jobId, "control"), {
      signal,
      timeoutMs,
      body: { action, ...more, reason, command_id: commandId },
      repeat: "always",
    });
    return command;
  }
}
