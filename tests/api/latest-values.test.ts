import { jobListSchema } from "@signalbox/protocol/job/job";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobDriver } from "./job-driver.ts";
import { startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

describe("the latest values of a run", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;
  /** The first series by time, the last by what they say. */
  const layers = Array.from({ length: 250 }, (_, i) => `grad_norm/layer_${i}`);

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
    for (const [id, last] of Object.entries({ many: 1, more: 2 })) {
      await act.post("/api/training/local/jobs", { job_id: id });
      for (const names of [["system/gpu_0"], layers, ["train/loss", "eval/exact_match"]]) {
        const points = names.map((name) => ({ name, step: 1, value: last }));
        await act.post("/api/training/local/metrics", { job_id: id, points });
      }
    }
    await act.post("/api/training/local/jobs", { job_id: "few" });
    const points = [{ name: "train/loss", step: 1, value: 0.5 }];
    await act.post("/api/training/local/metrics", { job_id: "few", points });
  });
  afterAll(() => api.close());

  const list = async (query: string) =>
    (await api.call("GET", `/api/training/jobs?${query}`, { key })).as(jobListSchema);
  const ids = async (query: string) => (await list(query)).jobs.map(({ id }) => id);

  it("are 200 of the number of series that is said beside them", async () => {
    const job = await act.jobOf("many");
    expect(Object.keys(job.latest)).toHaveLength(200);
    expect(job.latest_total).toBe(253);
    const [listed] = (await list("ids=many")).jobs;
    expect(listed).toMatchObject({ latest: job.latest, latest_total: 253 });
    expect(await act.jobOf("few")).toMatchObject({
      latest: { "train/loss": 0.5 },
      latest_total: 1,
    });
  });

  it("keep losses and rates, whenever they appeared, and leave out machine figures first", async () => {
    const { latest } = await act.jobOf("many");
    expect(latest).toMatchObject({ "train/loss": 1, "eval/exact_match": 1 });
    expect(latest).not.toHaveProperty("system/gpu_0");
    expect(layers.filter((name) => name in latest)).toHaveLength(198);
  });

  it("sort and filter the list by series that are left out, too", async () => {
    const { latest } = await act.jobOf("many");
    for (const name of [...layers, "system/gpu_0"].filter((one) => !(one in latest)).slice(-2)) {
      expect(await ids(`ids=many,more&sort=latest.${name}`)).toEqual(["many", "more"]);
      expect(await ids(`ids=many,more&sort=-latest.${name}`)).toEqual(["more", "many"]);
      expect(await ids(`where=${encodeURIComponent(`latest.${name}>1`)}`)).toEqual(["more"]);
    }
  });
});
