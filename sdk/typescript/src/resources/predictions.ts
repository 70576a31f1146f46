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
    return this.#everyPage<PredictionEpochs>(
      predictionsPath(jobId, "/epochs"),
      options,
      (a, b) => ({
        ...b,
        epochs: [...a.epochs, ...b.epochs],
      }),
    );
  }

  trends(jobId: string, options: CallOptions = {}): Promise<PredictionTrends> {
    return this.#everyPage<PredictionTrends>(
      predictionsPath(jobId, "/trends"),
      options,
      (a, b) => ({
        ...b,
        trends: [...a.trends, ...b.trends],
      }),
    );
  }

  /** The pages of a reply by epoch as one; the dashboard ends each at about 1 MiB. */
  async #everyPage<Reply extends { next_epoch?: number | null | undefined }>(
    path: string,
    options: CallOptions,
    join: (first: Reply, next: Reply) => Reply,
  ): Promise<Reply> {
    let all: Reply = await this.#http.json("GET", path, options);
    for (let after = all.next_epoch; typeof after === "number"; after = all.next_epoch) {
      const query = { after_epoch: after };
      all = join(all, await this.#http.json("GET", path, { ...options, query }));
    }
    return all;
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
