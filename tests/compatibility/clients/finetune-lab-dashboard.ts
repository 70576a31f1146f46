import { expect } from "vitest";
import { asJson, ask, bearer, type Dashboard, request, Trainer, twoEpochs } from "../dashboard.ts";
import { readFramesByLines } from "../lines.ts";
import type { Client } from "../row.ts";

const asUser = (dashboard: Dashboard) => ({ ...asJson, ...bearer(dashboard.userToken) });
const live = { live_params: { learning_rate: { min: 0, max: 1 } } };

interface Row {
  id: string;
  job_id: string;
  epoch: number;
}

/** Attaches a run of the user's own, as these calls are made by people who are signed in. */
const attach = (dashboard: Dashboard, id: string) => Trainer.attach(dashboard, id, live);

function control(dashboard: Dashboard, id: string, body: object) {
  const path = `/api/training/local/${id}/control`;
  return request<{ action: string; command: { type: string } }>(dashboard, "POST", path, {
    headers: asUser(dashboard),
    body,
  });
}

export const finetuneLabDashboard: Client = {
  name: "FineTune Lab, its dashboard's pages",
  version: "repository of 0.6.0",
  setup: "a session's access token as `Authorization: Bearer …`, or an API key",
  rows: [
    {
      method: "useTrainingPredictionsSSE",
      request: "GET /api/training/predictions/{id}/stream",
      check: async (dashboard) => {
        const trainer = await attach(dashboard, "ftd-hook");
        const [first, ...rest] = twoEpochs();
        await trainer.post("predictions", { job_id: trainer.id, predictions: [first] });
        const headers = { Accept: "text/event-stream", "X-API-Key": dashboard.apiKey };
        const rows = new Map<string, Row>();
        let total = 0;
        const url = `${dashboard.url}/api/training/predictions/ftd-hook/stream`;
        const kinds = await readFramesByLines(url, headers, async (kind, data) => {
          if (kind === "connected") {
            await trainer.post("predictions", { job_id: trainer.id, predictions: rest });
          }
          if (kind !== "prediction") return true;
          const { prediction, total_count } = data as { prediction: Row; total_count: number };
          // The list beside it drops rows whose id it has.
          rows.set(prediction.id, prediction);
          total = total_count;
          return rows.size < 3;
        });
        expect([kinds[0], total]).toEqual(["connected", 4]);
        expect([...rows.values()].map(({ job_id }) => job_id)).toEqual(Array(3).fill("ftd-hook"));
        const path = "/api/training/predictions/ftd-hook?limit=50";
        const read = await ask<{ predictions: Row[] }>(dashboard, "GET", path, {
          headers: asUser(dashboard),
        });
        // What is read and what is pushed goes by the same ids.
        expect(read.predictions.slice(1).map(({ id }) => id)).toEqual([...rows.keys()]);
      },
    },
    {
      method: "pause, resume, cancel",
      request: "POST /api/training/local/{id}/control",
      check: async (dashboard) => {
        await attach(dashboard, "ftd-control");
        const pause = await control(dashboard, "ftd-control", {
          action: "pause",
          checkpoint_path: null,
        });
        expect(pause).toMatchObject({ status: 202, body: { success: true, action: "pause" } });
        const cancel = await control(dashboard, "ftd-control", { action: "cancel" });
        expect([cancel.status, cancel.body.action]).toEqual([202, "cancel"]);
        const path = "/checkpoints/epoch-2";
        const late = await control(dashboard, "ftd-control", {
          action: "resume",
          checkpoint_path: path,
        });
        // Understood, but not in this state.
        expect(late.status).toBe(409);
      },
    },
    {
      method: "resume from a checkpoint",
      request: "POST /api/training/local/{id}/resume",
      partly:
        "`checkpoint_path` has no effect: a run resumes from its last verified checkpoint, or from a `checkpoint_id`. `resume_from_best` and `config_adjustments` are refused, unless they are null.",
      check: async (dashboard) => {
        await attach(dashboard, "ftd-resume");
        const resume = (body: object) =>
          request(dashboard, "POST", "/api/training/local/ftd-resume/resume", {
            headers: asUser(dashboard),
            body,
          });
        const checkpoint_path = "/checkpoints/epoch-2";
        const unset = { resume_from_best: null, config_adjustments: null };
        // A running run can't resume: the body was understood.
        expect((await resume({ checkpoint_path, ...unset })).status).toBe(409);
        expect((await resume({ resume_from_best: true })).status).toBe(400);
        expect((await resume({ config_adjustments: { epochs: 4 } })).status).toBe(400);
      },
    },
    {
      method: "update parameters",
      request: "PATCH /api/training/local/{id}/update-params",
      partly:
        "A parameter that the trainer did not declare as live is refused, with the list of those it did.",
      check: async (dashboard) => {
        await attach(dashboard, "ftd-params");
        const patch = (body: object) =>
          request(dashboard, "PATCH", "/api/training/local/ftd-params/update-params", {
            headers: asUser(dashboard),
            body,
          });
        expect(await patch({ learning_rate: 0.0001 })).toMatchObject({ status: 202 });
        expect(await patch({ warmup_steps: 10 })).toMatchObject({ status: 422 });
      },
    },
    {
      method: "status, list of runs",
      request: "GET /api/training/local/{id}/status",
      check: async (dashboard) => {
        const trainer = await attach(dashboard, "ftd-status");
        await trainer.train(3);
        const get = <T>(path: string) =>
          ask<T>(dashboard, "GET", path, { headers: asUser(dashboard) });
        expect(await get("/api/training/local/ftd-status/status")).toMatchObject({
          job_id: "ftd-status",
          status: "running",
          current_step: 3,
        });
        const { jobs } = await get<{ jobs: { id: string }[] }>("/api/training/local/jobs?limit=5");
        expect(jobs.map(({ id }) => id)).toContain("ftd-status");
      },
    },
  ],
};
