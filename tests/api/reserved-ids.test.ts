import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isReservedJobId, reservedJobIds } from "@signalbox/protocol/job/reserved-job-ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobDriver } from "./job-driver.ts";
import { startWithOwner } from "./job-driver.ts";
import { expectRefusal, type TestApi } from "./kit.ts";

const app = join(import.meta.dirname, "../../app");
/** Folders in which a dynamic segment stands for a job's id. */
const folders = [
  "api/training",
  "api/training/jobs",
  "api/training/local",
  "api/training/predictions",
  "api/learning/jobs",
  "(dashboard)/runs",
];
/** Of routes that the API is going to have. */
const planned = ["agents", "baselines", "capabilities", "dataset", "deploy", "queue"];

describe("reserved ids of runs", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
  });
  afterAll(() => api.close());

  it("are the names of all routes that stand where an id does", () => {
    for (const folder of folders) {
      const names = readdirSync(join(app, folder), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && !/^[[(]/.test(entry.name))
        .map(({ name }) => name);
      expect([...reservedJobIds], folder).toEqual(expect.arrayContaining(names));
    }
    expect([...reservedJobIds]).toEqual(expect.arrayContaining(planned));
  });

  it.each([...reservedJobIds, ".", "..", "....."])("refuse a new run called %s", async (id) => {
    const refused = await act.post("/api/training/local/jobs", { job_id: id });
    expectRefusal(refused, 400);
    expect(refused.text).toContain(`“${id}” cannot be the id of a run`);
    expect(isReservedJobId(id)).toBe(true);
  });

  it("leave similar ids alone", async () => {
    for (const id of ["Jobs", "jobs-1", ".jobs", "a..b", "..a", "my.stream"]) {
      const reply = await act.post("/api/training/local/jobs", { job_id: id });
      expect([id, reply.status]).toEqual([id, 200]);
    }
  });

  it("stay with a run that has one already", async () => {
    const id = await act.attach();
    await api.supabase.sql("update jobs set id = 'facets' where id = $1", [id]);
    const reply = await act.post("/api/training/local/jobs", { job_id: "facets", current_step: 3 });
    expect(reply.status, reply.text).toBe(200);
    const status = await api.call("GET", "/api/training/local/facets/status", { key });
    expect(status).toMatchObject({ status: 200, body: { job_id: "facets", current_step: 3 } });
  });
});
