import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobDriver } from "./job-driver.ts";
import { startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

describe("the stream of a run that has ended", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  });
  afterAll(() => api.close());

  /** Reads to the end, as an `EventSource` does: the last id is sent when it reconnects. */
  async function readToEnd(path: string, lastId?: string) {
    const headers: Record<string, string> = lastId ? { "last-event-id": lastId } : {};
    const response = await api.send("GET", path, { key, headers });
    const text = await response.text();
    const ids = [...text.matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
    return { status: response.status, text, lastId: ids.at(-1) };
  }

  async function endedRun(): Promise<string> {
    const id = await act.attach();
    const answer = { epoch: 1, step: 1, sample_index: 0, prompt: "p", prediction: "q" };
    await act.post("/api/training/local/predictions", { job_id: id, predictions: [answer] });
    await act.post("/api/training/local/metrics", { job_id: id, metrics: [{ step: 2, loss: 1 }] });
    await act.report(id, { status: "failed", error: "boom" });
    return id;
  }

  it.each([
    ["of the run", (id: string) => `/api/training/jobs/${id}/stream`],
    ["of its predictions", (id: string) => `/api/training/predictions/${id}/stream`],
    ["of its events", (id: string) => `/api/training/jobs/${id}/stream?streams=event`],
  ])("%s answers 204 to a client that comes back with its last id", async (_name, path) => {
    const id = await endedRun();
    const first = await readToEnd(path(id));
    expect(first).toMatchObject({ status: 200, text: expect.stringContaining("event: end") });
    const again = await readToEnd(path(id), first.lastId);
    expect(again).toEqual({ status: 204, text: "", lastId: undefined });
    const after = `${path(id)}${path(id).includes("?") ? "&" : "?"}after=${first.lastId}`;
    expect((await readToEnd(after)).status).toBe(204);
  });

  it("is opened again for rows that the cursor lacks, and once the run starts again", async () => {
    const id = await endedRun();
    const path = `/api/training/jobs/${id}/stream`;
    const { lastId } = await readToEnd(path);
    expect((await readToEnd(path, lastId?.replace(/-.*/, "-1"))).text).toContain("event: end");
    await act.post("/api/training/local/jobs", { job_id: id, status: "running" });
    const controller = new AbortController();
    const headers = { "last-event-id": lastId ?? "" };
    const response = await api.send("GET", path, { key, headers, signal: controller.signal });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    let text = "";
    while (!text.includes('"to":"running"')) {
      const { value, done } = (await reader?.read()) ?? { done: true };
      expect(done).toBe(false);
      text += new TextDecoder().decode(value);
    }
    controller.abort();
  });
});
