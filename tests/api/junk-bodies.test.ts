import { textFieldMax } from "@signalbox/protocol/wire/primitives";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobDriver } from "./job-driver.ts";
import { startWithOwner } from "./job-driver.ts";
import { expectRefusal, type Reply, type TestApi } from "./kit.ts";

const local = "/api/training/local";
const routes: Record<string, (rows: string) => [path: string, body: string]> = {
  metrics: (rows) => [`${local}/metrics`, `{"job_id":"run","metrics":[${rows}]}`],
  points: (rows) => [`${local}/metrics`, `{"job_id":"run","points":[${rows}]}`],
  predictions: (rows) => [`${local}/predictions`, `{"job_id":"run","predictions":[${rows}]}`],
  events: (rows) => [`${local}/run/events`, `{"events":[${rows}]}`],
  lines: (rows) => [`${local}/run/logs`, `{"lines":[${rows}]}`],
  logs: (rows) => [`${local}/run/logs`, `{"logs":[${rows}]}`],
};

describe("junk within the size of a body", () => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;
  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner());
    await act.post(`${local}/jobs`, { job_id: "run" });
  });
  afterAll(() => api.close());

  const many = (row: string, count: number) => Array(count).fill(row).join(",");
  const post = (kind: string, rows: string): Promise<Reply> => {
    const [path, body] = routes[kind]?.(rows) ?? ["", ""];
    return api.call("POST", path, { key, body });
  };

  it.each(Object.keys(routes))("is refused as %s before it becomes objects", async (kind) => {
    const started = process.cpuUsage();
    expectRefusal(await post(kind, many("[]", 3_100_000)), 400);
    const { user, system } = process.cpuUsage(started);
    // Milliseconds; validating it took seconds.
    expect((user + system) / 1000).toBeLessThan(500);
  });

  it.each(Object.keys(routes))(
    "answers hundreds of thousands of bad fields in %s",
    async (kind) => {
      expectRefusal(await post(kind, many('{"step":-1}', 600_000)), 400);
      expectRefusal(await post(kind, `{${many('"a":-1', 99_000)}}`), 400);
    },
  );

  it.each(Object.keys(routes))("says at most twenty times what is wrong with %s", async (kind) => {
    const refused = await post(kind, many("7.5", 900));
    expectRefusal(refused, 400);
    expect(
      (refused.body as { error: { details: { issues: unknown[] } } }).error.details.issues,
    ).toHaveLength(20);
  });

  it.each(Object.keys(routes))(
    "is counted first where a batch has too many of %s",
    async (kind) => {
      const refused = await post(kind, many("0", 10_001));
      expectRefusal(refused, 413);
      expect(refused.text).toContain("A batch can have at most");
    },
  );

  it("does not repeat a long name in the answer", async () => {
    const reply = await api.call("PUT", "/api/training/run", {
      key,
      json: { ["x".repeat(100_000)]: 1 },
    });
    expectRefusal(reply, 400);
    expect(reply.text.length).toBeLessThan(3000);
  });

  it("is no more than 256 KiB in the data of an event", async () => {
    const event = (size: number) => ({
      events: [{ type: "note", data: { text: "x".repeat(size - '{"text":""}'.length) } }],
    });
    const send = (size: number) =>
      api.call("POST", `${local}/run/events`, { key, json: event(size) });
    expect((await send(textFieldMax)).status).toBe(200);
    const refused = await send(textFieldMax + 1);
    expectRefusal(refused, 413);
    expect(refused.text).toContain("events.0.data: is longer than 256 KiB");
    for (const data of [[], "x", 1]) {
      const json = { events: [{ type: "note", data }] };
      expectRefusal(await api.call("POST", `${local}/run/events`, { key, json }), 400);
    }
  });

  it("is no more than 256 KiB in a config or metadata", async () => {
    const large = { text: "x".repeat(textFieldMax) };
    const row = { epoch: 1, step: 1, sample_index: 0, prompt: "p", prediction: "q" };
    for (const [path, json, words] of [
      ["/api/training/local/jobs", { job_id: "run", config: large }, "config: is longer than 256"],
      ["/api/training/jobs", { kind: "sft", config: large }, "config: is longer than 256"],
      [`${local}/run/status`, { phase: "a", metadata: large }, "metadata: is longer than 256"],
      [
        "/api/training/local/predictions",
        { job_id: "run", predictions: [{ ...row, metadata: large }] },
        "predictions.0: metadata",
      ],
      [
        "/api/training/local/predictions",
        { job_id: "run", predictions: [{ ...row, notes: [large.text] }] },
        "predictions.0: metadata",
      ],
    ] as const) {
      const refused = await api.call("POST", path, { key, json });
      expectRefusal(refused, 413);
      expect(refused.text).toContain(words);
    }
  });
});
