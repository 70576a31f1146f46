import { createHash } from "node:crypto";
import { ingestLimits } from "@signalbox/protocol/data/ingest";
import type {
  ingestPredictionsBodySchema,
  PredictionInput,
} from "@signalbox/protocol/data/prediction-input";
import type { z } from "zod";
import { newWorkBudget, type WorkBudget } from "@/lib/quality/char-error-rate";
import { predictionQuality } from "@/lib/quality/prediction-quality";
import { ingestAuth, type Principal } from "../auth/principal";
import { AppError } from "../errors";
import { batchIdentity } from "../ingest/batch-identity";
import { callRpc } from "../rpc/call-rpc";
import { asJson } from "../rpc/rpc-args";
import type { RpcReply } from "../rpc/rpc-replies";

interface Input {
  request: Request;
  principal: Principal;
  body: z.output<typeof ingestPredictionsBodySchema>;
  bodyText: string;
}

/**
 * Stores a batch of predictions, whole or not at all. Quality that the trainer did not send is
 * computed. A prediction replaces an earlier one of the same epoch, step and sample.
 * @throws AppError unauthorized, not_found, conflict (batch id reused), too_large
 */
export async function ingestPredictions(input: Input): Promise<RpcReply<"ingest_predictions">> {
  const { predictions, job_id, batch_id } = input.body;
  if (predictions.length > ingestLimits.predictions) {
    throw new AppError("too_large", "A batch can have at most 1,000 predictions.");
  }
  // The last of equal ones wins within a batch, too; the SQL function takes each once.
  const rows = new Map<string, ReturnType<typeof storedRow>>();
  const budget = newWorkBudget();
  for (const prediction of predictions) {
    const { epoch, step, sample_index } = prediction;
    rows.set(`${epoch}/${step}/${sample_index}`, storedRow(prediction, budget));
  }
  const reply = await callRpc("ingest_predictions", {
    p_auth: ingestAuth(input.principal),
    p_job_id: job_id,
    ...batchIdentity(input.request, input.bodyText, batch_id),
    p_rows: asJson([...rows.values()]),
  });
  return { ...reply, count: predictions.length };
}

function storedRow(input: PredictionInput, budget: WorkBudget) {
  const { prompt_id: _, ...row } = input;
  const sent = {
    exact_match: input.exact_match,
    char_error_rate: input.char_error_rate,
    length_ratio: input.length_ratio,
    word_overlap: input.word_overlap,
  };
  const complete = Object.values(sent).every((value) => value !== null && value !== undefined);
  const computed = complete
    ? null
    : predictionQuality(input.prediction, input.ground_truth, budget);
  return {
    ...row,
    key: sampleKey(input),
    // Stored in single precision, in which the smallest values are 0.
    exact_match: toSingle(sent.exact_match ?? computed?.exact_match ?? null),
    char_error_rate: sent.char_error_rate ?? computed?.char_error_rate ?? null,
    length_ratio: sent.length_ratio ?? computed?.length_ratio ?? null,
    word_overlap: sent.word_overlap ?? computed?.word_overlap ?? null,
  };
}

function toSingle(value: number | null): number | null {
  return value === null ? null : Math.fround(value);
}

/** Identifies a sample across epochs: by its id, else its prompt, else its index. */
function sampleKey(input: PredictionInput): string {
  if (input.prompt_id) return `i${input.prompt_id}`;
  if (input.prompt !== "") {
    return `h${createHash("sha256").update(input.prompt).digest("base64url").slice(0, 22)}`;
  }
  return `n${input.sample_index}`;
}
