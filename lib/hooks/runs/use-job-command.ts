import type { Command, CommandType, ControlBody } from "@signalbox/protocol/job/command";
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { controlJob, updateParams } from "@/lib/api/control";
import { ApiError } from "@/lib/api/errors";
import type { TrainingStream } from "../use-training-stream";

type CommandRequest =
  | { type: "pause"; mode: "hold" | "release" }
  | { type: "resume" | "stop" | "checkpoint" }
  | { type: "update_params"; params: Record<string, number> };

interface SentRequest {
  /** Made by the client, so that a retry after a lost reply cannot act twice. */
  commandId: string;
  request: CommandRequest;
}

function newCommandId(): string {
  const random = crypto.getRandomValues(new Uint8Array(12));
  return `ui_${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function send(jobId: string, { commandId, request }: SentRequest) {
  if (request.type === "update_params") {
    return updateParams(jobId, { ...request.params, command_id: commandId });
  }
  const body: ControlBody = { action: request.type, command_id: commandId };
  if (request.type === "pause") body.mode = request.mode;
  return controlJob(jobId, body);
}

/** Retries with the same id only where the server may not have received the request. */
function shouldRetry(failures: number, error: Error): boolean {
  const lost = error instanceof ApiError && (error.status === 0 || error.status >= 500);
  return lost && failures < 3;
}

export interface JobCommands {
  /** Newest first. */
  commands: readonly Command[];
  request: (request: CommandRequest) => void;
  /** The type of the pending request. */
  sending: CommandType | null;
  /** The last failed request and its error. */
  failure: { type: CommandType; error: Error } | null;
  clearFailure: () => void;
}

/** Sends commands to a job's trainer; the stream reports their outcome. */
export function useJobCommand(stream: TrainingStream, commands: readonly Command[]): JobCommands {
  const mutation = useMutation({
    mutationFn: (request: SentRequest) => send(stream.jobId, request),
    retry: shouldRetry,
    retryDelay: (failures) => Math.min(4000, 400 * 2 ** failures),
    onSuccess: ({ command }) => {
      stream.addCommand(command);
      // An ended run was resumed: its stream is opened again.
      if (stream.getSnapshot().connection.state === "ended") stream.restart();
    },
  });
  const { mutate, reset, isPending, error } = mutation;
  const type = mutation.variables?.request.type ?? null;
  // Memoised, so that the controls do not render at every step.
  return useMemo(
    () => ({
      commands,
      request: (request) => mutate({ commandId: newCommandId(), request }),
      sending: isPending ? type : null,
      failure: error && type ? { type, error } : null,
      clearFailure: reset,
    }),
    [commands, mutate, reset, isPending, error, type],
  );
}
