import { jobListSchema } from "@signalbox/protocol/job/job";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines, type TestUser } from "../../supabase/local/testing.ts";
import { startApi, type TestApi } from "./kit.ts";

const learningRates = [0.003, "auto", 1e-5, undefined, 0.1, null];
const losses = [0.5, 0.1, "NaN", 2.5, undefined, "Infinity"];

describe.each(engines)("many runs, on %s", (engine) => {
  let api: TestApi;
  let user: TestUser;
  let key: string;
  let stranger: string;

  beforeAll(async () => {
    api = await startApi({ engine });
    user = await api.signUp("a");
    key = await api.makeKey(user);
    const other = await api.signUp("b");
    stranger = await api.makeKey(other);
    await api.attach(other, "theirs", { status: "running" });
    for (const [i, rate] of learningRates.entries()) {
      const { token } = await api.attach(user, `r${i}`, {
        config: { learning_rate: rate, batch_size: i % 2 ? 32 : 64, optimizer: { name: `o${i}` } },
        status: "running",
        tags: i < 2 ? ["first"] : [],
      });
      const value = losses[i];
      if (value === undefined) continue;
      await api.call("POST", "/api/training/local/metrics", {
        bearer: token,
        json: {
          job_id: `r${i}`,
          points: [1, 2, 3].map((step) => ({ name: "train/loss", step, value })),
        },
      });
    }
  });
  afterAll(() => api.close());

  async function list(query: string) {
    const reply = await api.call("GET", `/api/training/jobs?${query}`, { key });
    expect(reply.status, reply.text).toBe(200);
    return reply.as(jobListSchema);
  }
  const ids = async (query: string) => (await list(query)).jobs.map(({ id }) => id);
  const bulk = async (json: unknown, as = key) =>
    (await api.call("POST", "/api/training/jobs/bulk", { key: as, json })).body as {
      done: string[];
      failed: { id: string; code: string }[];
    };

  it("sort by a config value: numbers, then text, then missing, and newest first among equals", async () => {
    expect(await ids("sort=config.learning_rate")).toEqual(["r2", "r0", "r4", "r1", "r5", "r3"]);
    expect(await ids("sort=-config.learning_rate")).toEqual(["r4", "r0", "r2", "r1", "r5", "r3"]);
    expect((await ids("sort=config.optimizer.name"))[0]).toBe("r0");
  });

  it("sort by the latest value of a series; NaN counts as missing", async () => {
    expect(await ids("sort=latest.train/loss")).toEqual(["r1", "r0", "r3", "r5", "r4", "r2"]);
    expect(await ids("sort=-latest.train/loss")).toEqual(["r5", "r3", "r0", "r1", "r4", "r2"]);
  });

  it("filter by conditions that must all hold", async () => {
    expect(await ids("sort=name&where=config.batch_size:32")).toEqual(["r1", "r3", "r5"]);
    expect(await ids("sort=name&where=config.batch_size:32&where=latest.train/loss<1")).toEqual([
      "r1",
    ]);
    expect(await ids("sort=name&where=config.learning_rate!:AUTO")).toHaveLength(5);
    const bad = await api.call("GET", "/api/training/jobs?where=nonsense", { key });
    expect(bad.status).toBe(400);
  });

  it("group by a value, count every group and leave the collapsed ones out", async () => {
    const whole = await list("group=config.batch_size&sort=name");
    expect(whole.groups).toEqual([
      { key: "32", value: 32, count: 3 },
      { key: "64", value: 64, count: 3 },
    ]);
    expect(whole.jobs.map(({ id }) => id)).toEqual(["r1", "r3", "r5", "r0", "r2", "r4"]);
    const folded = await list("group=config.batch_size&sort=name&collapsed=32");
    expect(folded.groups).toEqual(whole.groups);
    expect(folded.jobs.map(({ id }) => id)).toEqual(["r0", "r2", "r4"]);
    const means = "group=config.batch_size&means=latest.train/loss&means=config.learning_rate";
    const groupMeans = (await list(means)).groups?.map((group) => group.means);
    expect(groupMeans?.[0]).toEqual({ "latest.train/loss": 1.3, "config.learning_rate": null });
    expect(groupMeans?.[1]?.["config.learning_rate"]).toBeCloseTo(0.0343, 4);
    expect((await api.call("GET", "/api/training/jobs?means=name", { key })).status).toBe(400);
    const rates = (await list("group=config.learning_rate")).groups;
    expect(rates?.map((group) => group.value)).toEqual([0.00001, 0.003, 0.1, "auto", null]);
  });

  it("return each group's means of the columns that every run has", async () => {
    await api.supabase.sql(`update jobs set active_since = null, attempt = 1 + (id = 'r2')::int,
      active_ms = case id when 'r0' then 1500 when 'r2' then 500 else 0 end,
      progress = case id when 'r0' then 0.5 when 'r2' then 1 end,
      current_step = case id when 'r0' then 10 when 'r2' then 5 end`);
    const fields = ["progress", "step", "duration", "attempt"];
    const query = `group=config.batch_size&${fields.map((name) => `means=${name}`).join("&")}`;
    expect((await list(query)).groups?.map(({ means }) => means)).toEqual([
      { progress: null, step: null, duration: 0, attempt: 1 },
      { progress: 0.75, step: 7.5, duration: 2 / 3, attempt: 4 / 3 },
    ]);
  });

  it("list tags, config keys and series", async () => {
    const { body } = await api.call("GET", "/api/training/jobs/facets", { key });
    expect(body).toMatchObject({
      tags: [{ name: "first", count: 2 }],
      latest: [{ name: "train/loss", count: 5 }],
    });
    const names = (body as { config: { name: string }[] }).config.map(({ name }) => name);
    expect(names).toEqual(["batch_size", "learning_rate", "optimizer.name"]);
  });

  it("read series of several runs at once, and list the missing runs", async () => {
    const path = "/api/training/metrics?runs=r1,theirs,r0&names=train/loss&buckets=10";
    const { body } = await api.call("GET", path, { key });
    expect(body).toMatchObject({
      runs: [
        { job_id: "r1", series: [{ name: "train/loss" }] },
        { job_id: "r0", series: [{ name: "train/loss" }] },
      ],
      missing: ["theirs"],
    });
    const single = await api.call(
      "GET",
      "/api/training/local/r1/metrics?names=train/loss&buckets=10",
      { key },
    );
    const { runs } = body as { runs: { series: unknown }[] };
    expect(runs[0]?.series).toEqual((single.body as { series: unknown }).series);
    const timed = await api.call(
      "GET",
      "/api/training/metrics?runs=r1&names=train/loss&buckets=10&x=time",
      { key },
    );
    expect(timed.body).toMatchObject({
      runs: [{ series: [{ buckets: [{ time_first: expect.any(Number) }, {}, {}] }] }],
    });
  });

  it("tag many, and undo exactly what changed by the reply", async () => {
    const all = ["r0", "r1", "r2", "nowhere"];
    const tagged = await bulk({ ids: all, action: "tag", tag: "first" });
    expect(tagged.done).toEqual(["r2"]);
    expect(tagged.failed).toMatchObject([{ id: "nowhere", code: "not_found" }]);
    await bulk({ ids: tagged.done, action: "untag", tag: "first" });
    expect(await ids("tag=first&sort=name")).toEqual(["r0", "r1"]);
    expect((await bulk({ ids: ["r0"], action: "archive" }, stranger)).failed).toHaveLength(1);
  });

  it("delete with an undo period: hidden from every list at once, removed later", async () => {
    await api.call("POST", "/api/training/local/r0/status", { key, json: { status: "succeeded" } });
    const outcome = await bulk({ ids: ["r0", "r1"], action: "delete" });
    expect(outcome.done).toEqual(["r0"]);
    expect(outcome.failed).toMatchObject([{ id: "r1", code: "conflict" }]);
    expect(await ids("archived=all")).not.toContain("r0");
    await bulk({ ids: ["r0"], action: "undelete" });
    expect(await ids("q=r0")).toEqual(["r0"]);

    const { removeDeletedJobs } = await import("../../lib/server/jobs/remove-deleted-jobs.ts");
    await bulk({ ids: ["r0"], action: "delete" });
    await removeDeletedJobs();
    expect((await api.call("GET", "/api/training/r0", { key })).status).toBe(200);
    await api.supabase.sql("update jobs set remove_at = now() where id = 'r0'");
    await removeDeletedJobs();
    expect((await api.call("GET", "/api/training/r0", { key })).status).toBe(404);
  });

  it("keep saved views by name and user", async () => {
    const json = { page: "runs", name: "Best", query: "sort=name" };
    const first = await api.call("POST", "/api/training/views", { key, json });
    expect(first.status).toBe(201);
    await api.call("POST", "/api/training/views", { key, json: { ...json, query: "q=x" } });
    const mine = await api.call("GET", "/api/training/views", { key });
    expect(mine.body).toMatchObject({ total: 1, views: [{ name: "Best", query: "q=x" }] });
    const theirs = await api.call("GET", "/api/training/views", { key: stranger });
    expect(theirs.body).toEqual({ total: 0, views: [] });
    const { id } = first.body as { id: string };
    const path = `/api/training/views/${id}`;
    expect((await api.call("DELETE", path, { key: stranger })).status).toBe(404);
    expect((await api.call("DELETE", path, { key })).status).toBe(200);
  });
});
