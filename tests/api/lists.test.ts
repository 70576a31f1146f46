import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWithOwner } from "./job-driver.ts";
import type { TestApi } from "./kit.ts";

const job = "/api/training/local/job";

describe("lists", () => {
  let api: TestApi;
  let key: string;

  beforeAll(async () => {
    const owner = await startWithOwner({ engine: "pglite" });
    ({ api, key } = owner);
    const kinds = ["sft", "rl", "other"];
    for (let i = 0; i < 7; i += 1) {
      await post("/api/training/local/jobs", {
        job_id: `list-${i}`,
        name: `Run ${"GFEDCBA"[i]} 100%_\\`,
        kind: kinds[i % 3],
        tags: i % 2 ? ["odd", `n${i}`] : ["even"],
        model_name: `model-${i}`,
        status: i < 3 ? "succeeded" : "running",
      });
    }
    await api.call("PUT", "/api/training/list-0", { key, json: { archived: true } });
    await post("/api/training/local/jobs", { job_id: "job", kind: "other" });
    const logs = Array.from({ length: 25 }, (_, i) => `line ${i + 1}${i % 5 ? "" : " Fünf %_\\"}`);
    await post(`${job}/logs`, { logs });
    const events = Array.from({ length: 12 }, (_, i) => ({
      type: `event-${i}`,
      level: i % 2 ? "error" : "info",
    }));
    await post(`${job}/events`, { events });
    for (let i = 0; i < 5; i += 1) {
      await post(`${job}/control`, { action: "checkpoint", command_id: `c${i}` });
    }
    for (let i = 0; i < 5; i += 1) await api.makeKey(owner.user, ["read"]);
  });
  afterAll(() => api.close());

  const post = async (path: string, json: unknown) => {
    const reply = await api.call("POST", path, { key, json });
    expect(reply.status, reply.text).toBeLessThan(300);
  };
  const get = async (path: string) => {
    const reply = await api.call("GET", path, { key });
    expect(reply.status, reply.text).toBe(200);
    return reply.body as Record<string, unknown>;
  };

  const paged: [name: string, path: string, field: string, total: string, count: number][] = [
    ["jobs", "/api/training/jobs?archived=all", "jobs", "total", 8],
    ["commands", `${job}/commands?`, "commands", "total", 5],
    ["errors", `${job}/errors?`, "errors", "total", 6],
    ["log lines", `${job}/logs?`, "logs", "total_lines", 25],
    ["API keys", "/api/settings/api-keys?", "keys", "total", 6],
  ];

  it.each(paged)("of %s page by limit and offset, with a total", async (...row) => {
    const [, path, field, total, count] = row;
    const whole = (await get(`${path}&limit=500`))[field] as unknown[];
    expect(whole).toHaveLength(count);
    const inPages: unknown[] = [];
    for (let offset = 0; offset < count + 3; offset += 2) {
      const page = await get(`${path}&limit=2&offset=${offset}`);
      expect(page[total]).toBe(count);
      inPages.push(...(page[field] as unknown[]));
    }
    expect(inPages).toHaveLength(count);
    // A job's age changes while the pages are read; its id does not.
    const names = (rows: unknown[]) => rows.map((one) => identity(one as Record<string, unknown>));
    expect(names(inPages)).toEqual(names(whole));
    expect(await get(`${path}&limit=2&offset=1000`)).toMatchObject({ [field]: [], [total]: count });
  });

  const identity = (row: Record<string, unknown>) => row.id ?? row.line ?? row.seq;

  const ids = async (query: string) => {
    const body = await get(`/api/training/jobs?${query}`);
    const list = (body.jobs as { id: string }[]).map(({ id }) => id);
    expect(body).toMatchObject({ success: true, count: list.length });
    return [list.join(" "), body.total];
  };

  it("of jobs filter by state, kind, tag and text", async () => {
    expect(await ids("status=succeeded")).toEqual(["list-2 list-1", 2]);
    expect(await ids("status=completed,failed&archived=true")).toEqual(["list-0", 1]);
    expect(await ids("status=running&status=failed&kind=rl")).toEqual(["list-4", 1]);
    expect(await ids("kind=sft,rl&archived=all")).toEqual([
      "list-6 list-4 list-3 list-1 list-0",
      5,
    ]);
    expect(await ids("tag=odd,n3")).toEqual(["list-3", 1]);
    expect(await ids("tag=odd&limit=1")).toEqual(["list-5", 3]);
    expect(await ids("q=run%20c")).toEqual(["list-4", 1]);
    expect(await ids("q=MODEL-5")).toEqual(["list-5", 1]);
    expect(await ids("q=n1")).toEqual(["list-1", 1]);
    for (const literal of ["100%25_", "%25_%5C", "_%5C"]) {
      expect((await ids(`q=${literal}&archived=all`))[1]).toBe(7);
    }
    expect((await ids("q=%25%25"))[1]).toBe(0);
    expect((await ids("q=R_n"))[1]).toBe(0);
  });

  it("of jobs sort by every key, both ways, newest first by default", async () => {
    expect((await ids("q=list-"))[0]).toBe("list-6 list-5 list-4 list-3 list-2 list-1");
    expect((await ids("q=list-&sort=name"))[0]).toBe("list-6 list-5 list-4 list-3 list-2 list-1");
    expect((await ids("q=list-&sort=-name"))[0]).toBe("list-1 list-2 list-3 list-4 list-5 list-6");
    for (const sort of ["created", "started", "updated", "status", "progress"]) {
      const [up] = await ids(`q=list-&sort=${sort}`);
      const [down] = await ids(`q=list-&sort=-${sort}`);
      expect(String(up).split(" ").sort()).toEqual(String(down).split(" ").sort());
    }
  });

  it("of log lines return the tail, and find literal text", async () => {
    const tail = await get(`${job}/logs?tail=3`);
    expect(tail).toMatchObject({ offset: 22, limit: 3, total_lines: 25 });
    expect((tail.logs as { line: number }[]).map(({ line }) => line)).toEqual([23, 24, 25]);
    for (const q of ["fünf", "FÜNF", "%25_%5C", "n 1 f"]) {
      const found = await get(`${job}/logs?q=${q}`);
      const lines = (found.logs as { line: number }[]).map(({ line }) => line);
      expect([q, lines]).toEqual([q, q === "n 1 f" ? [] : [1, 6, 11, 16, 21]]);
    }
    const second = await get(`${job}/logs?q=f%C3%BCnf&limit=2&offset=2`);
    expect(second).toMatchObject({ total_lines: 5, logs: [{ line: 11 }, { line: 16 }] });
  });

  it("of events and the timeline follow seq, forwards and backwards, with totals", async () => {
    const events = "/api/learning/jobs/job/events";
    const seen: string[] = [];
    for (let since = 0; ; ) {
      const page = await get(`${events}?since_seq=${since}&limit=5`);
      expect(page.total).toBe(12);
      seen.push(...(page.events as { type: string }[]).map(({ type }) => type));
      if (page.next_seq === since) break;
      since = page.next_seq as number;
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, i) => `event-${i}`));

    const timeline = "/api/learning/jobs/job/timeline?include=events,commands";
    const whole = (await get(`${timeline}&limit=1000`)).events as { seq: number; phase: string }[];
    const back: typeof whole = [];
    for (let before = 1_000_000; ; ) {
      const page = await get(`${timeline}&before_seq=${before}&limit=4`);
      expect(page.total).toBe(whole.length);
      const rows = page.events as typeof whole;
      back.unshift(...rows);
      if (!rows[0]) break;
      before = rows[0].seq;
    }
    expect(back).toEqual(whole);
    expect(whole[0]).toMatchObject({ seq: 1, phase: "running", metadata: { kind: "status" } });
    expect(new Set(whole.map(({ phase }) => phase))).toContain("checkpoint");
  });

  it("of errors return the newest first, the traceback and the reason", async () => {
    await post("/api/training/local/jobs", { job_id: "failing" });
    const lines = [
      "warming up",
      "Traceback (most recent call last):",
      '  File "train.py", line 1, in <module>',
      "ValueError: no",
    ].map((text) => ({ stream: "stderr", text }));
    await post("/api/training/local/failing/logs", { lines });
    await post("/api/training/local/failing/status", { status: "failed", error: "exit code 1" });
    expect(await get("/api/training/local/failing/errors")).toEqual({
      errors: [],
      count: 0,
      unique_error_count: 0,
      total: 0,
      reason: "exit code 1",
      traceback: lines
        .slice(1)
        .map(({ text }) => text)
        .join("\n"),
    });
    const { errors, count } = await get(`${job}/errors`);
    expect(count).toBe(6);
    expect((errors as { type: string }[])[0]?.type).toBe("event-11");
  });

  it("of errors count equal messages once each, and keep an event's own traceback", async () => {
    await post("/api/training/local/jobs", { job_id: "noisy" });
    const error = (message: string, data = {}) => ({
      type: "error",
      level: "error",
      message,
      data,
    });
    const repeated = Array.from({ length: 3 }, () => error("NaN in the loss"));
    const events = [...repeated, error("Out of memory", { traceback: "Traceback …" })];
    await post("/api/training/local/noisy/events", {
      events: [...events, error("NaN in the loss")],
    });
    const page = await get("/api/training/local/noisy/errors");
    expect(page).toMatchObject({
      count: 5,
      unique_error_count: 2,
      total: 2,
      errors: [
        { message: "NaN in the loss", count: 4, traceback: null, seq: 6 },
        { message: "Out of memory", count: 1, traceback: "Traceback …" },
      ],
    });
    expect(await get("/api/training/local/noisy/errors?limit=1&offset=1")).toMatchObject({
      total: 2,
      errors: [{ message: "Out of memory", count: 1 }],
    });
  });
});
