import {
  type CommandReply,
  type ControlBody,
  commandListSchema,
  commandReplySchema,
} from "@signalbox/protocol/job/command";
import { apiFetch, toQuery } from "./client.ts";
import { wholePage } from "./whole-page.ts";

const local = (id: string) => `/api/training/local/${encodeURIComponent(id)}`;

/** `POST /api/training/local/{id}/control`; give a `command_id`, and a retry cannot act twice. */
export function controlJob(id: string, body: ControlBody): Promise<CommandReply> {
  return apiFetch(`${local(id)}/control`, { schema: commandReplySchema, method: "POST", body });
}

export type LiveParamChange = Record<string, number | string | boolean> & {
  command_id?: string;
  reason?: string;
};

/** `PATCH /api/training/local/{id}/update-params`: parameters the trainer declared as live. */
export function updateParams(id: string, body: LiveParamChange): Promise<CommandReply> {
  return apiFetch(`${local(id)}/update-params`, {
    schema: commandReplySchema,
    method: "PATCH",
    body,
  });
}

/** `GET /api/training/local/{id}/commands`, newest first. */
export function listCommands(
  id: string,
  { limit = 50, offset }: { limit?: number; offset?: number } = {},
  signal?: AbortSignal,
) {
  return wholePage(
    { limit, ...(offset !== undefined && { offset }) },
    (some, from) =>
      apiFetch(`${local(id)}/commands${toQuery({ limit: some, offset: from })}`, {
        schema: commandListSchema,
        signal,
      }),
    {
      count: ({ commands }) => commands.length,
      total: ({ total }) => total,
      join: (first, next) => ({ ...next, commands: [...first.commands, ...next.commands] }),
    },
  );
}
