import { describe, expect, it } from "vitest";
import { SignalboxClient } from "../client.ts";
import { scriptFetch } from "../testing/script-fetch.ts";

function clientWith(...answers: Parameters<typeof scriptFetch>) {
  const script = scriptFetch(...answers);
  const options = { baseUrl: "http://signalbox.test", apiKey: "sbx_key", retries: 0 };
  return { ...script, client: new SignalboxClient({ ...options, fetch: script.fetch }) };
}

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const jobs = (from: number, count: number) => ({
  jobs: Array.from({ length: count }, (_, n) => ({ id: `job-${from + n}` })),
  count,
  total: 1000,
});

describe("lists", () => {
  it("come whole, each run once, although one was started in between", async () => {
    const { client, sent } = clientWith(
      Response.json(jobs(0, 200)),
      Response.json(jobs(199, 200)),
      Response.json(jobs(399, 3)),
    );
    const found = await listed(client.jobs.all({ status: ["running", "paused"], tag: "a" }));
    expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 402 }, (_, n) => `job-${n}`));
    expect(sent.map(({ query }) => query.get("offset"))).toEqual(["0", "200", "400"]);
    expect(sent[0]?.query.get("status")).toBe("running,paused");
    expect(sent[0]?.query.get("tag")).toBe("a");
  });

  it("read pages only on demand", async () => {
    const { client, sent } = clientWith(Response.json(jobs(0, 200)));
    for await (const job of client.jobs.all()) {
      if (job.id === "job-5") break;
    }
    expect(sent).toHaveLength(1);
  });

  it("repeat conditions, whose values may hold commas", async () => {
    const { client, sent } = clientWith(Response.json(jobs(0, 0)));
    await client.jobs.list({ where: ["config.a:1,2", "latest.train/loss<0.5"], ids: ["x", "y"] });
    expect(sent[0]?.query.getAll("where")).toEqual(["config.a:1,2", "latest.train/loss<0.5"]);
    expect(sent[0]?.query.get("ids")).toBe("x,y");
  });
});

describe("figures", () => {
  const page = (metrics: object[], next_seq: number) =>
    Response.json({ job_id: "a", metrics, next_seq, total: 3 });

  it("come as real numbers, NaN and infinities included", async () => {
    const row = {
      step: 0,
      epoch: null,
      timestamp: "t",
      loss: "NaN",
      up: "Infinity",
      down: "-Infinity",
    };
    const { client } = clientWith(page([row], 2));
    const { metrics } = await client.metrics.get("a");
    expect(metrics).toEqual([
      { step: 0, epoch: null, timestamp: "t", loss: Number.NaN, up: Infinity, down: -Infinity },
    ]);
  });

  it("come page by page until a page moves no further, over pages that a filter left empty", async () => {
    const row = (step: number) => ({ step, epoch: null, timestamp: "t", loss: 1 });
    const { client, sent } = clientWith(
      page([row(0)], 5),
      page([], 9),
      page([row(1)], 11),
      page([], 11),
    );
    const rows = await listed(client.metrics.rows("a", { names: ["loss"] }));
    expect(rows.map(({ step }) => step)).toEqual([0, 1]);
    expect(sent.map(({ query }) => query.get("after_seq"))).toEqual(["0", "5", "9", "11"]);
  });

  it("can be selected by names that contain commas", async () => {
    const { client, sent } = clientWith(Response.json({ series: [] }));
    await client.metrics.series("a", { names: ["a,b"], buckets: 10 });
    await client.metrics.series("a", { names: ["a", "b,c"] });
    expect(sent[0]?.query.getAll("names")).toEqual(["a,b", ""]);
    expect(sent[1]?.query.getAll("names")).toEqual(["a", "b,c"]);
    expect(sent.map(({ query }) => query.get("buckets"))).toEqual(["10", "500"]);
  });

  it("keep a bucket's nulls, which are not zero", async () => {
    const bucket = { min: null, max: "Infinity", mean: null, first: "NaN", last: 1, count: 2 };
    const { client } = clientWith(Response.json({ series: [{ name: "loss", buckets: [bucket] }] }));
    const { series } = await client.metrics.series("a");
    expect(series[0]?.buckets[0]).toMatchObject({
      min: null,
      max: Infinity,
      mean: null,
      first: Number.NaN,
      last: 1,
    });
  });

  it("are sent with numbers that JSON lacks as words", async () => {
    const { client, sent } = clientWith(Response.json({ count: 1, last_seq: 2 }));
    await client.metrics.create("a", [{ name: "loss", step: 0, value: Number.NaN }]);
    expect(sent[0]?.body).toEqual({
      job_id: "a",
      points: [{ name: "loss", step: 0, value: "NaN" }],
    });
  });
});

it("reports the health of a degraded dashboard", async () => {
  const { client } = clientWith(Response.json({ status: "degraded" }, { status: 503 }));
  expect(await client.health()).toEqual({ status: "degraded" });
});
