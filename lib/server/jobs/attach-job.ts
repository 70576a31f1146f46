import { type AttachJobReply, attachJobBodySchema } from "@signalbox/protocol/job/job";
import { timestampToMs } from "@signalbox/protocol/wire/primitives";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { attachedJobToken, newTokenSalt, secretHash } from "../auth/secrets";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import { timeSortableId } from "./job-id";

/**
 * Creates or updates a job that a trainer runs by itself. During an attempt the token stays the same.
 * @throws AppError conflict where the state forbids the requested status
 */
export async function attachJob(
  principal: UserPrincipal,
  body: z.output<typeof attachJobBodySchema>,
): Promise<AttachJobReply> {
  const { started_at, finished_at, completed_at, ...fields } = body;
  const salt = newTokenSalt();
  const { job_id, status, token_salt } = await callRpc("attach_job", {
    p_user_id: principal.userId,
    p_job: asJson({
      ...fields,
      id: body.job_id ?? timeSortableId("job"),
      started_at: isoTime(started_at),
      finished_at: isoTime(finished_at ?? completed_at),
    }),
    p_token_hash: secretHash(attachedJobToken(salt)),
    p_token_salt: salt,
    p_actor: principal.label,
  });
  const unusable = status === "failed" ? [] : ["error", "error_message"];
  const ignored = Object.entries(body).flatMap(([name, value]) =>
    !(name in attachJobBodySchema.shape) || (unusable.includes(name) && value) ? [name] : [],
  );
  return {
    success: true,
    job_id,
    job_token: attachedJobToken(token_salt),
    ...(ignored.length > 0 ? { ignored } : {}),
  };
}

function isoTime(value: z.output<typeof attachJobBodySchema>["started_at"]): string | null {
  return value == null ? null : new Date(timestampToMs(value)).toISOString();
}
