import {
  type byEpochQuerySchema,
  type predictionMapQuerySchema,
  predictionTrendSchema,
} from "@signalbox/protocol/data/prediction";
import type { predictionsQuerySchema } from "@signalbox/protocol/data/prediction-query";
import { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { AppError, jobNotFound } from "../errors";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";
import { predictionsQuery } from "./predictions-query";

type ByEpoch = z.output<typeof byEpochQuerySchema>;

/** A page of predictions: of one epoch (optionally compared with another) or of all. */
export async function readPredictions(
  principal: UserPrincipal,
  jobId: string,
  query: z.output<typeof predictionsQuerySchema>,
) {
  const { key } = await loadJob(principal, jobId);
  const page = await callRpc("read_predictions", {
    p_job_key: key,
    p_query: predictionsQuery(query),
  });
  return { job_id: jobId, ...page };
}

/** The epochs that have predictions, with how many. */
export async function readPredictionEpochs(
  principal: UserPrincipal,
  jobId: string,
  { after_epoch }: ByEpoch,
) {
  const { key } = await loadJob(principal, jobId);
  const { epochs, next_epoch } = await callRpc("read_prediction_epochs", {
    p_job_key: key,
    p_after_epoch: after_epoch ?? null,
  });
  return {
    job_id: jobId,
    epochs: epochs.map(({ epoch, prediction_count, latest_step }) => ({
      epoch,
      prediction_count,
      latest_step,
    })),
    next_epoch,
  };
}

/** Quality per epoch with every score, and the fall of the error rate over the run. */
export async function readPredictionTrends(
  principal: UserPrincipal,
  jobId: string,
  { after_epoch }: ByEpoch,
) {
  const { key } = await loadJob(principal, jobId);
  const [{ epochs, next_epoch, rates }, scores] = await Promise.all([
    callRpc("read_prediction_epochs", { p_job_key: key, p_after_epoch: after_epoch ?? null }),
    callRpc("read_prediction_scores", { p_job_key: key }),
  ]);
  const trends = z.array(predictionTrendSchema).parse(epochs);
  return { job_id: jobId, trends, next_epoch, scores, overall_improvement: improvement(...rates) };
}

/** The fall from the first to the last of some rates in per cent; null where that has no meaning. */
function improvement(first: number | null, last: number | null, count: number): number | null {
  if (count < 2 || !first || last === null) return null;
  return ((first - last) / first) * 100;
}

/**
 * Every sample at every epoch: a byte per cell, or the values of a score.
 * @throws AppError not_found
 */
export async function readPredictionMap(
  principal: UserPrincipal,
  jobId: string,
  { score, after_epoch }: z.output<typeof predictionMapQuerySchema>,
) {
  const { key } = await loadJob(principal, jobId);
  const page = { p_job_key: key, p_after_epoch: after_epoch ?? null };
  if (score !== undefined) {
    const map = await callRpc("read_score_map", { ...page, p_score: score });
    if (map === null) throw new AppError("not_found", "This run has no map of that score.");
    return { job_id: jobId, ...map };
  }
  const map = await callRpc("read_prediction_map", page);
  if (map === null) throw jobNotFound();
  return { job_id: jobId, ...map };
}

/** Samples by id, with shortened texts. */
export async function readSamples(principal: UserPrincipal, jobId: string, ids: number[]) {
  const { key } = await loadJob(principal, jobId);
  const samples = await callRpc("read_samples", { p_job_key: key, p_ids: ids });
  return { job_id: jobId, samples };
}

/**
 * The predictions of one sample, by epoch.
 * @throws AppError not_found
 */
export async function readSampleHistory(
  principal: UserPrincipal,
  jobId: string,
  sampleId: number,
  { after_epoch }: ByEpoch,
) {
  const { key } = await loadJob(principal, jobId);
  const page = await callRpc("read_sample_history", {
    p_job_key: key,
    p_sample_id: sampleId,
    p_after_epoch: after_epoch ?? null,
  });
  if (page.predictions.length === 0 && after_epoch === undefined) {
    throw new AppError("not_found", "Sample not found.");
  }
  return { job_id: jobId, sample_id: sampleId, ...page };
}
