import { createHash } from "node:crypto";
import type { Job, startJobBodySchema } from "@signalbox/protocol/job/job";
import type { Capabilities } from "@signalbox/protocol/service/backend";
import type { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { managedJobToken, secretHash } from "../auth/secrets";
import { backendCapabilities } from "../backend/capabilities";
import { AppError } from "../errors";
import { storeWithinLimits } from "../limits/room";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import { dispatchStart, failDispatch } from "./dispatch";
import { timeSortableId } from "./job-id";

/**
 * Starts a run on the training backend: stores it, then dispatches it.
 * @throws AppError unsupported (no such trainer, config refused, a dataset), backend_unavailable, conflict
 *   (the Idempotency-Key was already used for a different request; a limit of runs or queued trainers)
 */
export async function startJob(
  principal: UserPrincipal,
  body: z.output<typeof startJobBodySchema>,
  idempotencyKey: string | null,
): Promise<{ job: Job; created: boolean }> {
  if (body.dataset_id != null) {
    throw new AppError(
      "unsupported",
      "dataset_id: there are no datasets yet. Name the data in config, if the trainer takes it.",
    );
  }
  const trainer = await findTrainer(body.kind);
  const id = timeSortableId("job");
  const { created, job } = await storeWithinLimits({
    userId: principal.userId,
    amounts: { runs: 1, queued_trainers: 1 },
    isKnown: () => isStarted(principal, idempotencyKey),
    isNew: (stored) => stored.created,
    store: () =>
      callRpc("start_job", {
        p_user_id: principal.userId,
        p_job: asJson({
          id,
          name: body.name ?? `${body.kind}-${id.slice(-6)}`,
          kind: body.kind,
          config: { ...defaultsOf(trainer), ...body.config },
          live_params: trainer.live_params,
          tags: body.tags,
        }),
        p_token_hash: secretHash(managedJobToken(id)),
        p_actor: principal.label,
        p_idempotency_key: idempotencyKey,
        p_body_hash: createHash("sha256").update(JSON.stringify(body)).digest("hex"),
      }),
  });
  if (job.status !== "queued" || job.attempt !== 1) return { job, created };
  try {
    await dispatchStart(principal.userId, job);
  } catch (error) {
    await failDispatch(principal.userId, job.id, error);
    if (error instanceof AppError && error.code !== "backend_unavailable") {
      // The backend rejected the request itself (such as its config): leave nothing behind.
      await callRpc("delete_job", { p_user_id: principal.userId, p_job_id: job.id });
    }
    throw error;
  }
  return { job, created };
}

async function isStarted({ userId }: UserPrincipal, key: string | null): Promise<boolean> {
  if (key === null) return false;
  return callRpc("start_stored", { p_user_id: userId, p_idempotency_key: key });
}

async function findTrainer(kind: string): Promise<Capabilities["trainers"][number]> {
  const { trainers } = await backendCapabilities();
  const trainer = trainers.find((candidate) => candidate.kind === kind);
  if (trainer) return trainer;
  const kinds = trainers.map((candidate) => candidate.kind).join(", ");
  throw new AppError(
    "unsupported",
    `The training backend has no trainer “${kind}”. Available trainers: ${kinds}.`,
  );
}

function defaultsOf(trainer: Capabilities["trainers"][number]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(trainer.config_schema.properties)
      .filter(([, field]) => field.default !== undefined)
      .map(([name, field]) => [name, field.default]),
  );
}
