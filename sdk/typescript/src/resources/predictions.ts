import type { CallOptions, Http } from "../http.ts";
import { newId } from "../ids.ts";
import type {
  ComparedPrediction,
  IngestReply,
  PredictionEpochs,
  PredictionInput,
  PredictionPage,
  PredictionQuery,
  PredictionTrends,
} from "../types.ts";
import { predictionsPath } from "./paths.ts";

const pageSize = 500;

/** The predictions of a run's model, by epoch. */
export class Predictions {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  get(
    jobId: string,
    query: PredictionQuery = {},
    options: CallOptions = {},
  ): Promise<PredictionPage> {
    return this.#http.json("GET", predictionsPath(jobId), { ...options, query: { ...query } });
  }

  /** All predictions that match; pages are read on demand. */
  async *all(
    jobId: string,
    query: Omit<PredictionQuery, "limit" | "offset"> = {},
    options: CallOptions = {},
  ): AsyncGenerator<ComparedPrediction, void> {
    for (let offset = 0; ; ) {
      const page = await this.get(jobId, { ...query, limit: pageSize, offset }, options);
      yield* page.predictions;
      offset += page.predictions.length;
      if (page.predictions.length === 0 || offset >= page.total_count) return;
    }
  }

  epochs(jobId: string, options: CallOptions = {}): Promise<PredictionEpochs> {
    return this.#http.json("GET", predictionsPath(jobId, "/epochs"), options);
  }

  trends(jobId: string, options: CallOptions = {}): Promise<PredictionTrends> {
    return this.#http.json("GET", predictionsPath(jobId, "/trends"), options);
  }

  /** Stores predictions with the job's token; a retry with the same key changes nothing. */
  create(
    jobId: string,
    predictions: readonly PredictionInput[],
    options: CallOptions & { jobToken?: string | undefined; idempotencyKey?: string } = {},
  ): Promise<IngestReply> {
    const {
      jobToken,
      idempotencyKey = newId("batch", this.#http.clock.wallTime()),
      ...call
    } = options;
    return this.#http.json("POST", "/api/training/local/predictions", {
      ...call,
      body: { job_id: jobId, predictions },
      headers: { "idempotency-key": idempotencyKey },
      bearer: jobToken,
      repeat: "always",
    });
  }
}
