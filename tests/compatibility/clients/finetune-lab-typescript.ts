import { expect } from "vitest";
import { asJson, ask, bearer, type Dashboard, range, Trainer, twoEpochs } from "../dashboard.ts";
import type { Client } from "../row.ts";

const withKey = (dashboard: Dashboard) => ({
  "X-API-Key": dashboard.apiKey,
  ...asJson,
  "User-Agent": "finetune-lab-sdk/0.5.1",
});
const get = <T>(dashboard: Dashboard, path: string) =>
  ask<T>(dashboard, "GET", path, { headers: withKey(dashboard) });

const createJob = (dashboard: Dashboard, id: string) =>
  ask<{ job_token: string }>(dashboard, "POST", "/api/training/local/jobs", {
    headers: withKey(dashboard),
    body: {
      job_id: id,
      model_name: "llama-3-8b",
      dataset_path: "./data/train.jsonl",
      status: "running",
    },
  });

/** Rows as this SDK's type demands them, with every field that it lets one send. */
async function createPredictions(dashboard: Dashboard, id: string) {
  const { job_token } = await createJob(dashboard, id);
  const predictions = twoEpochs().map((sample) => ({
    job_id: id,
    user_id: "user_123",
    ...sample,
    prompt_id: `prompt-${sample.sample_index}`,
    source_index: 40 + sample.sample_index,
    sample_source: "validation",
    sample_source_id: "set-7",
    prompt_tokens: 12,
    completion_tokens: 3,
    total_tokens: 15,
    latency_ms: 81.5,
    max_new_tokens: 64,
    do_sample: false,
    validation_kind: "exact",
    validation_errors: [{ field: "answer", message: "not a number" }],
  }));
  const stored = await ask(dashboard, "POST", "/api/training/local/predictions", {
    headers: { ...bearer(job_token), ...asJson, "User-Agent": "finetune-lab-sdk/0.2.0" },
    body: { job_id: id, predictions },
  });
  return { stored, predictions };
}

export const finetuneLabTypeScript: Client = {
  name: "FineTune Lab, TypeScript SDK (`@finetunelab/sdk`)",
  version: "0.6.0",
  setup:
    "`new FinetuneLabClient({ apiKey, baseUrl })`, or `FINETUNE_LAB_API_KEY` and `FINETUNE_LAB_API_URL`",
  rows: [
    {
      method: "training.createJob",
      request: "POST /api/training/local/jobs",
      check: async (dashboard) => {
        const { job_token } = await createJob(dashboard, "fts-created");
        expect(job_token).toEqual(expect.any(String));
      },
    },
    {
      method: "training.listJobs",
      request: "GET /api/training/jobs",
      check: async (dashboard) => {
        await createJob(dashboard, "fts-listed");
        const path = "/api/training/jobs?limit=10";
        const { jobs } = await get<{ jobs: { id: string }[] }>(dashboard, path);
        expect(jobs.map(({ id }) => id)).toContain("fts-listed");
      },
    },
    {
      method: "training.getMetrics",
      request: "GET /api/training/local/{id}/metrics",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "fts-long");
        const metrics = range(1, 2500).map((step) => ({ step, train_loss: 1 / step }));
        await trainer.post("metrics", { job_id: trainer.id, metrics });
        const path = "/api/training/local/fts-long/metrics";
        const found = await get<{ metrics: { step: number }[] }>(dashboard, path);
        expect(found.metrics.map(({ step }) => step)).toEqual(range(1, 2500));
      },
    },
    {
      method: "training.getLogs",
      request: "GET /api/training/local/{id}/logs",
      partly: "Entries of `logs` are objects; the line is their `text`.",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "fts-logged");
        await trainer.post("fts-logged/logs", { logs: ["one", "two"] });
        const path = "/api/training/local/fts-logged/logs?limit=50";
        expect(await get(dashboard, path)).toMatchObject({
          logs: [{ text: "one" }, { text: "two" }],
          total_lines: 2,
        });
      },
    },
    {
      method: "training.getErrors",
      request: "GET /api/training/local/{id}/errors",
      check: async (dashboard) => {
        const trainer = await Trainer.attach(dashboard, "fts-broken");
        await trainer.report([{ type: "error", level: "error", message: "no room" }]);
        const path = "/api/training/local/fts-broken/errors";
        expect(await get(dashboard, path)).toMatchObject({
          unique_error_count: 1,
          errors: [{ message: "no room", count: 1 }],
        });
      },
    },
    {
      method: "trainingPredictions.create",
      request: "POST /api/training/local/predictions",
      check: async (dashboard) => {
        const { stored } = await createPredictions(dashboard, "fts-predicted");
        expect(stored).toMatchObject({ success: true, count: 4 });
      },
    },
    {
      method: "trainingPredictions.get",
      request: "GET /api/training/predictions/{id}",
      partly:
        "With `epoch`, a sample that was asked at several steps of the epoch has one row, the newest. Without, all rows are there.",
      check: async (dashboard) => {
        const { predictions } = await createPredictions(dashboard, "fts-read");
        const found = await get<{ predictions: { id: string; user_id: string }[] }>(
          dashboard,
          "/api/training/predictions/fts-read?epoch=2&limit=10",
        );
        const sent = predictions.slice(2).map(({ user_id: _, ...sample }) => sample);
        expect(found.predictions).toMatchObject(sent);
        // The owner of the run, whatever a row says.
        for (const { user_id } of found.predictions) expect(user_id).not.toBe("user_123");
      },
    },
    {
      method: "trainingPredictions.epochs",
      request: "GET /api/training/predictions/{id}/epochs",
      check: async (dashboard) => {
        await createPredictions(dashboard, "fts-epochs");
        expect(await get(dashboard, "/api/training/predictions/fts-epochs/epochs")).toMatchObject({
          epochs: [{ prediction_count: 2 }, { prediction_count: 2 }],
        });
      },
    },
    {
      method: "trainingPredictions.trends",
      request: "GET /api/training/predictions/{id}/trends",
      check: async (dashboard) => {
        await createPredictions(dashboard, "fts-trends");
        expect(await get(dashboard, "/api/training/predictions/fts-trends/trends")).toMatchObject({
          trends: [{ avg_word_overlap: 0 }, { avg_word_overlap: 1 }],
          overall_improvement: 100,
        });
      },
    },
    { method: "predict", request: "POST /api/v1/predict", not: "Signalbox does not serve models." },
    {
      method: "batchTest.run, status, cancel",
      request: "POST /api/batch-testing/run",
      not: "Signalbox watches training; it does not run test suites against models.",
    },
    {
      method: "analytics.traces, createTrace, data",
      request: "GET /api/analytics/traces",
      not: "Signalbox keeps no traces of models in production.",
    },
  ],
};
