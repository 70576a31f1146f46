import {
  type ComparedPrediction,
  predictionMapReplySchema,
  predictionsReplySchema,
  predictionTrendsReplySchema,
  sampleHistoryReplySchema,
  samplesReplySchema,
  scoreMapReplySchema,
} from "@signalbox/protocol/data/prediction";
import type { predictionsQuerySchema } from "@signalbox/protocol/data/prediction-query";
import type { z } from "zod";
import { apiFetch, toQuery } from "./client.ts";
import { everyEpoch, wholePage } from "./whole-page.ts";

export type PredictionsRequest = Partial<z.output<typeof predictionsQuerySchema>>;

/** Keys of the query cache; all of a job's share a beginning, so that news can reach them. */
export const predictionKeys = {
  all: (id: string) => ["jobs", "one", id, "predictions"] as const,
  trends: (id: string) => [...predictionKeys.all(id), "trends"] as const,
  map: (id: string) => [...predictionKeys.all(id), "map"] as const,
  scoreMap: (id: string, score: string) => [...predictionKeys.map(id), score] as const,
  pages: (id: string) => [...predictionKeys.all(id), "pages"] as const,
  page: (id: string, query: PredictionsRequest) => [...predictionKeys.pages(id), query] as const,
  histories: (id: string) => [...predictionKeys.all(id), "history"] as const,
  history: (id: string, sample: number) => [...predictionKeys.histories(id), sample] as const,
  samples: (id: string, ids: string) => [...predictionKeys.all(id), "samples", ids] as const,
  match: (id: string, sample: object) => [...predictionKeys.all(id), "match", sample] as const,
};

const predictions = (id: string) => `/api/training/predictions/${encodeURIComponent(id)}`;

/** `GET /api/training/predictions/{id}`: `limit` rows of the table from `offset` on. */
export function getPredictions(
  id: string,
  { limit = 50, offset = 0, ...query }: PredictionsRequest,
  signal?: AbortSignal,
) {
  return wholePage(
    { limit, offset },
    (some, from) => readPage(id, { ...query, limit: some, offset: from }, signal),
    {
      count: ({ predictions }) => predictions.length,
      total: ({ total_count }) => total_count,
      join: (first, next) => ({
        ...next,
        predictions: [...first.predictions, ...next.predictions],
      }),
    },
  );
}

function readPage(id: string, query: PredictionsRequest, signal?: AbortSignal) {
  const { where = [], ...rest } = query;
  const params = new URLSearchParams(toQuery(rest));
  for (const condition of where) params.append("where", condition);
  return apiFetch(`${predictions(id)}?${params}`, {
    schema: predictionsReplySchema,
    signal,
  });
}

/** `GET …/trends`: quality per epoch. */
export function getPredictionTrends(id: string, signal?: AbortSignal) {
  return everyEpoch(
    (after_epoch) =>
      apiFetch(`${predictions(id)}/trends${toQuery({ after_epoch })}`, {
        schema: predictionTrendsReplySchema,
        signal,
      }),
    (first, next) => ({ ...next, trends: [...first.trends, ...next.trends] }),
  );
}

/** `GET …/map`: every sample at every epoch, a byte a cell. */
export function getPredictionMap(id: string, signal?: AbortSignal) {
  return everyEpoch(
    (after_epoch) =>
      apiFetch(`${predictions(id)}/map${toQuery({ after_epoch })}`, {
        schema: predictionMapReplySchema,
        signal,
      }),
    (first, next) => ({ ...next, epochs: [...first.epochs, ...next.epochs] }),
  );
}

/** `GET …/map?score=`: a score of every sample at every epoch, a float32 each. */
export function getScoreMap(id: string, score: string, signal?: AbortSignal) {
  return everyEpoch(
    (after_epoch) =>
      apiFetch(`${predictions(id)}/map${toQuery({ score, after_epoch })}`, {
        schema: scoreMapReplySchema,
        signal,
      }),
    (first, next) => ({ ...next, epochs: [...first.epochs, ...next.epochs] }),
  );
}

/** `GET …/samples?ids=`: samples by id, their texts shortened; at most 500. */
export function getSamples(id: string, ids: readonly number[], signal?: AbortSignal) {
  return apiFetch(`${predictions(id)}/samples${toQuery({ ids: ids.map(String) })}`, {
    schema: samplesReplySchema,
    signal,
  });
}

/** `GET …/samples/{sample}`: one sample's answers, epoch by epoch. */
export function getSampleHistory(id: string, sample: number, signal?: AbortSignal) {
  return everyEpoch(
    (after_epoch) =>
      apiFetch(`${predictions(id)}/samples/${sample}${toQuery({ after_epoch })}`, {
        schema: sampleHistoryReplySchema,
        signal,
      }),
    (first, next) => ({ ...next, predictions: [...first.predictions, ...next.predictions] }),
  );
}

const exportPage = 1000;

/** Every row of a view, page by page, with how many there are. */
export async function* readAllPredictions(
  id: string,
  query: Omit<PredictionsRequest, "limit" | "offset">,
  signal?: AbortSignal,
): AsyncGenerator<{ rows: ComparedPrediction[]; total: number }> {
  let offset = 0;
  for (;;) {
    const page = await readPage(id, { ...query, limit: exportPage, offset }, signal);
    offset += page.predictions.length;
    yield { rows: page.predictions, total: page.total_count };
    if (page.predictions.length === 0 || offset >= page.total_count) return;
  }
}
