import { parseCursor } from "@signalbox/protocol/stream/cursor";
import { type JournalRow, rowsReplySchema } from "@signalbox/protocol/stream/stream";
import { isStreamName, streamNames } from "@signalbox/protocol/stream/stream-name";
import {
  activityNames,
  type StreamRow,
  streamRowSchema,
} from "@signalbox/protocol/stream/stream-row";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engines } from "../../supabase/local/testing.ts";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

const points = [
  { name: "train/loss", step: 0, value: 1.5 },
  { name: "train/loss", step: 0, value: "NaN", epoch: 0.5 },
  { name: "eval/loss", step: 3, value: "-Infinity", phase: "eval" },
];
const prediction = (sample_index: number) => ({
  epoch: 1,
  step: 3,
  sample_index,
  prompt: "p",
  prediction: "q",
});

describe.each(engines)("a job's rows by polling, on %s", (engine) => {
  let api: TestApi;
  let key: string;
  let act: JobDriver;

  beforeAll(async () => {
    ({ api, key, act } = await startWithOwner({ engine }));
  });
  afterAll(() => api.close());

  /** An ended job with rows in every stream. */
  async function endedJob(): Promise<string> {
    const id = await act.attach({ live_params: { learning_rate: { min: 0 } } });
    await act.post("/api/training/local/metrics", { job_id: id, points });
    const predictions = [prediction(0), prediction(1), prediction(2)];
    await act.post("/api/training/local/predictions", { job_id: id, predictions });
    await act.post(act.local(id, "logs"), { logs: ["one", "two"] });
    await act.post(act.local(id, "events"), { events: [{ type: "a" }, { type: "b" }] });
    await act.control(id, "checkpoint");
    const command = await act.next(id);
    await act.ack(id, command?.id ?? "", { status: "applied", applied_step: 3 });
    await act.report(id, { status: "succeeded" });
    return id;
  }

  const page = async (id: string, query = "") =>
    (await api.call("GET", `/api/learning/jobs/${id}/rows${query}`, { key })).as(rowsReplySchema);

  /** The data frames of the whole `full=1` stream as rows; a frame without an id has the next id. */
  async function streamed(id: string, generation: string): Promise<JournalRow[]> {
    const path = `/api/training/jobs/${id}/stream?full=1&after=${generation}-0`;
    const text = await (await api.send("GET", path, { key })).text();
    const rows: JournalRow[] = [];
    let waiting: Omit<JournalRow, "seq">[] = [];
    for (const block of text.split("\n\n")) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
      const event = field("event") ?? "";
      if (!isStreamName(event)) continue;
      const { job: _job, ...data } = JSON.parse(field("data") ?? "{}");
      waiting.push({ event, data });
      const seq = parseCursor(field("id") ?? "")?.seq;
      if (seq === undefined) continue;
      rows.push(...waiting.map((row) => ({ seq, ...row })));
      waiting = [];
    }
    return rows;
  }

  it("returns the same rows as the whole stream, with any page size", async () => {
    const id = await endedJob();
    const all = await page(id);
    expect(all).toMatchObject({ job_id: id, status: "succeeded", next_seq: all.last_seq });
    expect(all.rows).toEqual(await streamed(id, all.generation));
    expect(new Set(all.rows.map(({ event }) => event))).toEqual(new Set(streamNames));
    for (const limit of [1, 2, 5]) {
      const rows: JournalRow[] = [];
      for (let since = 0; since < all.last_seq; ) {
        const part = await page(id, `?since_seq=${since}&limit=${limit}`);
        expect(part.next_seq).toBe(Math.min(since + limit, all.last_seq));
        rows.push(...part.rows);
        since = part.next_seq;
      }
      expect(rows).toEqual(all.rows);
    }
  });

  it("returns a row for each prediction of a batch under one seq, and all points", async () => {
    const { rows } = await page(await endedJob());
    const predicted = rows.filter(({ event }) => event === "prediction");
    expect(new Set(predicted.map(({ seq }) => seq)).size).toBe(1);
    expect(predicted.map(({ data }) => (data as { prediction: object }).prediction)).toMatchObject(
      [0, 1, 2].map((sample_index) => ({ sample_index })),
    );
    const metrics = rows.find(({ event }) => event === "metrics");
    const ms = expect.any(Number);
    expect(metrics?.data).toEqual({
      "eval/loss": [[3, "-Infinity", ms, null, "eval"]],
      "train/loss": [
        [0, 1.5, ms, null, null],
        [0, "NaN", ms, 0.5, null],
      ],
    });
  });

  it("stores rows of the streams that the protocol names, and no others", async () => {
    const [definition] = await api.supabase.sql<{ checked: string; activity: string }>(
      `select pg_get_constraintdef(oid) as checked, pg_get_indexdef('job_stream_activity'::regclass)
        as activity from pg_constraint where conname = 'job_stream_stream_check'`,
    );
    const named = (text = "") => [...text.matchAll(/'(\w+)'/g)].map(([, name]) => name).sort();
    expect(named(definition?.checked)).toEqual([...streamNames].sort());
    expect(named(definition?.activity)).toEqual([...activityNames].sort());
  });

  it("reads rows from the database in the shape that the protocol declares", async () => {
    const id = await endedJob();
    const [reply] = await api.supabase.sql<{ page: { rows: StreamRow[] } }>(
      "select read_stream(key, 0, 1000, 1000000, true) as page from jobs where id = $1",
      [id],
    );
    const rows = reply?.page.rows ?? [];
    expect(new Set(rows.map(({ stream }) => stream))).toEqual(new Set(streamNames));
    // Parsing drops what a schema does not declare.
    for (const row of rows) expect(streamRowSchema.parse(row)).toEqual(row);
  });

  it("returns nothing at the end of the stream, with the same cursor", async () => {
    const id = await endedJob();
    const { last_seq } = await page(id);
    expect(await page(id, `?since_seq=${last_seq}`)).toMatchObject({
      rows: [],
      next_seq: last_seq,
    });
  });

  it("returns another generation after the job was recreated", async () => {
    const id = await endedJob();
    const { generation, last_seq } = await page(id);
    await api.call("DELETE", `/api/training/${id}`, { key });
    await act.post("/api/training/local/jobs", { job_id: id });
    const now = await page(id, `?since_seq=${last_seq}`);
    expect(now).toMatchObject({ status: "running", rows: [], next_seq: last_seq });
    expect(now.generation).not.toBe(generation);
    expect(now.last_seq).toBeLessThan(last_seq);
  });
});
