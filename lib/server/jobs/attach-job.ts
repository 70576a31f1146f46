import { type AttachJobReply, attachJobBodySchema } from "@signalbox/protocol/job/job";
import { isReservedJobId, reservedJobIds } from "@signalbox/protocol/job/reserved-job-ids";
import { timestampToMs } from "@signalbox/protocol/wire/primitives";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { attachedJobToken, newTokenSalt, secretHash } from "../auth/secrets";
import { AppError } from "../errors";
import { storeWithinLimits } from "../limits/room";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import { timeSortableId } from "./job-id";

/**
 * Creates or updates a job that a trainer runs by itself. During an attempt the token stays the same.
 * @throws AppError conflict where the state forbids the requested status, or for a new job at the limit of
 *   runs; bad_request for a new job whose id is reserved
 */
export async function attachJob(
  principal: UserPrincipal,
  body: z.output<typeof attachJobBodySchema>,
): Promise<AttachJobReply> {
  const { started_at, finished_at, completed_at, ...fields } = body;
  if (body.job_id !== undefined) await refuseReservedId(principal, body.job_id);
  const salt = newTokenSalt();
  const id = body.job_id ?? timeSortableId("job");
  const { job_id, status, token_salt } = await storeWithinLimits({
    userId: principal.userId,
    amounts: { runs: 1 },
    isKnown: () => hasJob(principal, id),
    isNew: ({ created }) => created,
    store: () =>
      callRpc("attach_job", {
        p_user_id: principal.userId,
        p_job: asJson({
          ...fields,
          id,
          started_at: isoTime(started_at),
          finished_at: isoTime(finished_at ?? completed_at),
        }),
        p_token_hash: secretHash(attachedJobToken(salt)),
        p_token_salt: salt,
        p_actor: principal.label,
      }),
  });
  const unusable = status === "failed" ? [] : ["error", "error_message"];
  const ignored = Object.entries(body).flatMap(([name, value]) =>
    !Object.hasOwn(attachJobBodySchema.shape, name) || (unusable.includes(name) && value)
      ? [name]
      : [],
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

async function hasJob({ userId }: UserPrincipal, id: string): Promise<boolean> {
  return (await callRpc("get_job", { p_user_id: userId, p_job_id: id })) !== null;
}

/** A job that got its id before it was reserved keeps it. */
async function refuseReservedId(principal: UserPrincipal, id: string): Promise<void> {
  if (!isReservedJobId(id) || (await hasJob(principal, id))) return;
  throw new AppError(
    "bad_request",
    `job_id: “${id}” cannot be the id of a run, because ${reservedJobIds.has(id) ? "the API has a route of that name" : "it is all dots"}. Choose another.`,
  );
}
