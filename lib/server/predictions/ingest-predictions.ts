import { createHash } from "node:crypto";
import { ingestLimits, ingestReplySchema } from "@signalbox/protocol/ingest";
import type { ingestPredictionsBodySchema, PredictionInput } from "@signalbox/protocol/prediction";
import type { z } from "zod";
import { newWorkBudget, type WorkBudget } from "@/lib/quality/char-error-rate";
import { predictionQuality } from "@/lib/quality/prediction-quality";
import { ingestAuth, type Principal } from "../auth/principal";
import { AppError } from "../errors";
import { batchIdentity } from "../ingest/batch-identity";
import { callRpc } from "../supabase";

interface Input {
  request: Request;
  principal: Principal;
  body: z.output<typeof ingestPredictionsBodySchema>;
  bodyText: string;
}

/**
 * Stores a batch of predictions, whole or not at all; quality that the trainer did not send is
 * measured. A prediction with the epoch, step and sample of an earlier one replaces it.
 * @throws AppError unauthorized, not_found, conflict (batch id reused), too_large
 */
export async function ingestPredictions(input: Input): Promise<z.infer<typeof ingestReplySchema>> {
  const { predictions, job_id, batch_id } = input.body;
  if (predictions.length > ingestLimits.predictions) {
    throw new AppError("too_large", "A batch holds at most 1,000 predictions.");
  }
  // Within a batch, too, the last one wins; the database takes each of them once.
  const rows = new Map<string, ReturnType<typeof storedRow>>();
  const budget = newWorkBudget();
  for (const prediction of predictions) {
    const { epoch, step, sample_index } = prediction;
    rows.set(`${epoch}/${step}/${sample_index}`, storedRow(prediction, budget));
  }
  const reply = ingestReplySchema.parse(
    await callRpc("ingest_predictions", {
      p_auth: ingestAuth(input.principal),
      p_job_id: job_id,
      ...batchIdentity(input.request, input.bodyText, batch_id),
      p_rows: [...rows.values()],
    }),
  );
  return { ...reply, count: predictions.length };
}

function storedRow(input: PredictionInput, budget: WorkBudget) {
  const { prompt_id: _, ...row } = input;
  const given = {
    exact_match: input.exact_match,
    char_error_rate: input.char_error_rate,
    length_ratio: input.length_ratio,
    word_overlap: input.word_overlap,
  };
  const complete = Object.values(given).every((value) => value !== null && value !== undefined);
  const measured = complete
    ? null
    : predictionQuality(input.prediction, input.ground_truth, budget);
  return {
    ...row,
    key: sampleKey(input),
    // Stored in single precision, in which the tiniest are 0.
    exact_match: toSingle(given.exact_match ?? measured?.exact_match ?? null),
    char_error_rate: given.char_error_rate ?? measured?.char_error_rate ?? null,
    length_ratio: given.length_ratio ?? measured?.length_ratio ?? null,
    word_overlap: given.word_overlap ?? measured?.word_overlap ?? null,
  };
}

function toSingle(value: number | null): number | null {
  return value === null ? null : Math.fround(value);
}

/** What makes it the same sample at every epoch: its id, else its prompt, else its position. */
function sampleKey(input: PredictionInput): string {
  if (input.prompt_id) return `i${input.prompt_id}`;
  if (input.prompt !== "") {
    return `h${createHash("sha256").update(input.prompt).digest("base64url").slice(0, 22)}`;
  }
  return `n${input.sample_index}`;
}
