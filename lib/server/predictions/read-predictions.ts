import { predictionTrendSchema } from "@signalbox/protocol/data/prediction";
import type { predictionsQuerySchema } from "@signalbox/protocol/data/prediction-query";
import { z } from "zod";
import type { UserPrincipal } from "../auth/principal";
import { AppError, jobNotFound } from "../errors";
import { loadJob } from "../jobs/load-job";
import { callRpc } from "../rpc/call-rpc";

/** A page of predictions: of one epoch (optionally compared with another) or of all. */
export async function readPredictions(
  principal: UserPrincipal,
  jobId: string,
  query: z.output<typeof predictionsQuerySchema>,
) {
  const { key } = await loadJob(principal, jobId);
  const page = await callRpc("read_predictions", { p_job_key: key, p_query: query });
  return { job_id: jobId, ...page };
}

async function readEpochRows(principal: UserPrincipal, jobId: string) {
  const { key } = await loadJob(principal, jobId);
  return callRpc("read_prediction_epochs", { p_job_key: key });
}

/** The epochs that have predictions, with how many. */
export async function readPredictionEpochs(principal: UserPrincipal, jobId: string) {
  const epochs = await readEpochRows(principal, jobId);
  return {
    job_id: jobId,
    epochs: epochs.map(({ epoch, prediction_count, latest_step }) => ({
      epoch,
      prediction_count,
      latest_step,
    })),
  };
}

/** Quality per epoch, and the fall of the error rate from the first epoch to the last. */
export async function readPredictionTrends(principal: UserPrincipal, jobId: string) {
  const trends = z.array(predictionTrendSchema).parse(await readEpochRows(principal, jobId));
  const first = trends.at(0)?.avg_char_error_rate;
  const last = trends.at(-1)?.avg_char_error_rate;
  const measured = trends.length > 1 && first && last !== null && last !== undefined;
  return {
    job_id: jobId,
    trends,
    overall_improvement: measured ? ((first - last) / first) * 100 : null,
  };
}

/** Every sample at every epoch, one byte per cell. */
export async function readPredictionMap(principal: UserPrincipal, jobId: string) {
  const { key } = await loadJob(principal, jobId);
  const map = await callRpc("read_prediction_map", { p_job_key: key });
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
export async function readSampleHistory(principal: UserPrincipal, jobId: string, sampleId: number) {
  const { key } = await loadJob(principal, jobId);
  const predictions = await callRpc("read_sample_history", {
    p_job_key: key,
    p_sample_id: sampleId,
  });
  if (predictions.length === 0) throw new AppError("not_found", "Sample not found.");
  return { job_id: jobId, sample_id: sampleId, predictions };
}
