import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobDriver, startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

const KiB = 1024;
/** A page and the row that ended it, with its other fields. */
const pageLimit = 1.5 * 1024 * KiB;

let api: TestApi;
let key: string;
let act: JobDriver;

beforeAll(async () => {
  ({ api, key, act } = await startWithOwner({ engine: "pglite" }));
});
afterAll(() => api.close());

type Json = Record<string, unknown>;

async function get(path: string): Promise<Json> {
  const reply = await api.call("GET", path, { key });
  expect(reply.status, reply.text.slice(0, 300)).toBe(200);
  expect(Buffer.byteLength(reply.text)).toBeLessThan(pageLimit);
  return reply.body as Json;
}

/** Reads a list to its end, each page after the rows of those before. */
async function readAll(path: string, rows: string, total: string, limit = 500): Promise<Json[]> {
  const found: Json[] = [];
  for (;;) {
    const page = await get(
      `${path}${path.includes("?") ? "&" : "?"}limit=${limit}&offset=${found.length}`,
    );
    const some = page[rows] as Json[];
    found.push(...some);
    if (some.length === 0 || found.length >= Number(page[total])) return found;
  }
}

/** Reads a reply by epoch to its end. */
async function readEpochs(path: string, rows: string): Promise<{ rows: Json[]; pages: number }> {
  const found: Json[] = [];
  let pages = 0;
  for (let after = ""; ; ) {
    const page = await get(
      `${path}${after && `${path.includes("?") ? "&" : "?"}after_epoch=${after}`}`,
    );
    found.push(...(page[rows] as Json[]));
    pages += 1;
    if (typeof page.next_epoch !== "number") return { rows: found, pages };
    after = String(page.next_epoch);
  }
}

const text = (bytes: number, fill = "x") => fill.repeat(bytes);

describe("a page of large rows ends early, and the next one goes on", () => {
  it("of log lines: forwards, from the end, and of those with a text", async () => {
    const id = await act.attach();
    const lines = Array.from({ length: 40 }, (_, n) => `${n} ${text(100 * KiB)}`);
    for (const some of [lines.slice(0, 20), lines.slice(20)]) {
      await act.post(act.local(id, "logs"), { logs: some });
    }
    const path = act.local(id, "logs");
    const numbers = (rows: Json[]) => rows.map(({ line }) => line);
    const all = lines.map((_, n) => n + 1);
    expect(numbers(await readAll(path, "logs", "total_lines"))).toEqual(all);
    expect(numbers(await readAll(`${path}?q=xx`, "logs", "total_lines"))).toEqual(all);
    const tail = (await get(`${path}?tail=30`)) as { logs: Json[]; offset: number };
    expect(tail.logs.length).toBeLessThan(30);
    expect(numbers(tail.logs)).toEqual(all.slice(tail.offset));
  });

  it("of events, the timeline and errors", async () => {
    const id = await act.attach();
    for (let batch = 0; batch < 3; batch += 1) {
      const events = Array.from({ length: 8 }, (_, n) => ({
        type: `t${batch}.${n}`,
        level: "error",
        message: `${batch}.${n} ${text(200 * KiB)}`,
      }));
      await act.post(act.local(id, "events"), { events });
    }
    const wanted = [0, 1, 2].flatMap((b) => Array.from({ length: 8 }, (_, n) => `t${b}.${n}`));
    const types: unknown[] = [];
    for (let since = 0; ; ) {
      const page = await get(`/api/learning/jobs/${id}/events?since_seq=${since}&limit=1000`);
      const events = page.events as Json[];
      if (events.length === 0) break;
      types.push(...events.map(({ type }) => type));
      since = Number(page.next_seq);
    }
    expect(types).toEqual(wanted);
    const newest = await get(`/api/learning/jobs/${id}/timeline?include=events&limit=1000`);
    expect((newest.events as Json[]).map(({ phase }) => phase)).toEqual(
      wanted.slice(-(newest.events as Json[]).length),
    );
    const errors = await readAll(act.local(id, "errors"), "errors", "total", 100);
    expect(errors.map(({ type }) => type)).toEqual(wanted.toReversed());
  });

  it("of runs with large configs, in the list and in the live list's snapshot", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      ids.push(await act.attach({ config: { notes: text(200 * KiB) }, tags: ["large"] }));
    }
    const jobs = await readAll("/api/training/jobs?tag=large", "jobs", "total");
    expect(jobs.map(({ id }) => id)).toEqual(ids.toReversed());
    const stop = new AbortController();
    const stream = await api.send("GET", "/api/training/jobs/stream", { key, signal: stop.signal });
    let received = "";
    for await (const chunk of stream.body ?? []) {
      received += Buffer.from(chunk).toString();
      if (/event: snapshot\n.*\n\n/.test(received)) break;
    }
    stop.abort();
    const frame = /event: snapshot\n.*\n\n/.exec(received)?.[0] ?? "";
    expect(Buffer.byteLength(frame)).toBeLessThan(1024 * KiB);
    const { jobs: shown, total } = JSON.parse(frame.split("data: ")[1] ?? "{}");
    expect(shown.length).toBeGreaterThan(1);
    expect(total).toBeGreaterThanOrEqual(12);
  });

  it("of commands with large answers", async () => {
    const id = await act.attach({ live_params: { learning_rate: { min: 0 } } });
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      await act.control(id, "checkpoint");
      const command = await act.next(id);
      ids.push(String(command?.id));
      const result = { text: text(200 * KiB) };
      await act.ack(id, command?.id ?? "", { status: "applied", applied_step: n, result });
    }
    const commands = await readAll(act.local(id, "commands"), "commands", "total", 100);
    expect(commands.map((command) => command.id)).toEqual(ids.toReversed());
  });

  it("of predictions: all, of an epoch, beside another epoch, one sample's, and those by epoch", async () => {
    const id = await act.attach();
    for (let epoch = 0; epoch < 12; epoch += 1) {
      const predictions = Array.from({ length: 10 }, (_, sample_index) => ({
        epoch,
        step: epoch,
        sample_index,
        prompt: `p${sample_index}`,
        prediction: `${epoch}.${sample_index} ${text(150 * KiB)}`,
        scores: Object.fromEntries(
          Array.from({ length: 60 }, (_, n) => [`s${n}`, `${text(200)}${epoch % 20}`]),
        ),
      }));
      const reply = await act.post("/api/training/local/predictions", { job_id: id, predictions });
      expect(reply.status, reply.text).toBe(200);
    }
    const path = `/api/training/predictions/${id}`;
    const places = (rows: Json[]) =>
      rows.map(({ epoch, sample_index }) => `${epoch}/${sample_index}`);
    const ten = (epoch: number) => Array.from({ length: 10 }, (_, n) => `${epoch}/${n}`);
    const all = Array.from({ length: 12 }, (_, epoch) => ten(epoch)).flat();
    expect(places(await readAll(path, "predictions", "total_count", 1000))).toEqual(all);
    const at = await readAll(`${path}?epoch=3&changed_from=2`, "predictions", "total_count");
    expect(places(at)).toEqual(ten(3));
    expect(at.every(({ previous }) => (previous as Json).epoch === 2)).toBe(true);
    const history = await readEpochs(`${path}/samples/4`, "predictions");
    expect(places(history.rows)).toEqual(Array.from({ length: 12 }, (_, epoch) => `${epoch}/4`));
    expect(history.pages).toBeGreaterThan(1);
    const trends = await readEpochs(`${path}/trends`, "trends");
    expect(trends.rows.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, n) => n));
    const epochs = await readEpochs(`${path}/epochs`, "epochs");
    expect(epochs.rows).toHaveLength(12);
  }, 60_000);

  it("of the map of many epochs", async () => {
    const id = await act.attach();
    const predictions = Array.from({ length: 1000 }, (_, n) => ({
      epoch: n % 250,
      step: 1,
      sample_index: n,
      prompt: `p${n}`,
      prediction: "a",
      judge: n,
    }));
    await act.post("/api/training/local/predictions", { job_id: id, predictions });
    const path = `/api/training/predictions/${id}/map`;
    for (const [query, cell, pages] of [
      ["", "cells", 1],
      ["?score=judge", "values", 2],
    ] as const) {
      const map = await readEpochs(`${path}${query}`, "epochs");
      expect(map.rows.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 250 }, (_, n) => n));
      expect(map.pages).toBe(pages);
      expect(new Set(map.rows.map((row) => String(row[cell]).length)).size).toBe(1);
    }
  }, 120_000);
});

it("whatever is stored, the pages together are that, and none is larger than a page and a row", async () => {
  const size = fc.oneof(
    fc.nat({ max: 200 }),
    fc.nat({ max: 60 * KiB }),
    fc.nat({ max: 256 * KiB }),
  );
  const row = fc.tuple(size, fc.constantFrom("x", "é", "\n", "\u0001"));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 25 }), async (rows) => {
      const id = await act.attach();
      const logs = rows.map(([bytes, fill]) =>
        fill.repeat(Math.floor(bytes / Buffer.byteLength(fill))),
      );
      const reply = await act.post(act.local(id, "logs"), { logs });
      if (reply.status === 413) return;
      const stored: string[] = [];
      for (let limit = 1; ; limit += 7) {
        const path = `${act.local(id, "logs")}?limit=${limit}&offset=${stored.length}`;
        const page = await api.call("GET", path, { key });
        expect(Buffer.byteLength(page.text)).toBeLessThan(6 * 256 * KiB + KiB);
        const { logs: lines, total_lines } = page.body as {
          logs: { text: string }[];
          total_lines: number;
        };
        expect(lines.length).toBeGreaterThan(0);
        stored.push(...lines.map((line) => line.text));
        if (stored.length >= total_lines) break;
      }
      expect(stored.length).toBe(logs.length);
      expect(stored.every((line, n) => line === logs[n])).toBe(true);
    }),
    { numRuns: 12 },
  );
}, 120_000);
