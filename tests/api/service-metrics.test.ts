import { readFile } from "node:fs/promises";
import { serviceReplySchema } from "@signalbox/protocol/service/service-status";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { TestUser } from "../../supabase/local/testing.ts";
import { expectRefusal, startApi, type TestApi } from "./kit.ts";

let api: TestApi;
let admin: TestUser;
let other: TestUser;

beforeAll(async () => {
  process.env.SIGNALBOX_ADMINISTRATORS = " nobody@example.com, Admin@Example.com";
  api = await startApi({ engine: "pglite" });
  [admin, other] = await Promise.all([api.signUp("admin"), api.signUp("other")]);
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  delete process.env.SIGNALBOX_ADMINISTRATORS;
  await api.close();
});

async function metricsOf(user: TestUser): Promise<string> {
  const reply = await api.call("GET", "/api/metrics", { bearer: user.accessToken });
  expect(reply.status).toBe(200);
  return reply.text;
}

/** The value of one sample, by its name and labels; 0 where there is none yet. */
function sampleOf(text: string, name: string): number {
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1) ?? 0);
}

describe("GET /api/metrics", () => {
  it("exports the user's own runs, by an API key too", async () => {
    const { token } = await api.attach(other, "live", { name: 'a "run"' });
    await api.attach(other, "done", { status: "succeeded" });
    const points = [1, 2, 3].map((step) => ({ name: "loss", step, value: 1 }));
    const json = { job_id: "live", points };
    await api.call("POST", "/api/training/local/metrics", { bearer: token, json });
    await api.call("POST", "/api/training/local/live/logs", {
      bearer: token,
      json: { logs: ["x"] },
    });

    const own = await api.call("GET", "/api/metrics", { key: await api.makeKey(other, ["read"]) });
    expect(own.status).toBe(200);
    const lines = own.text.split("\n");
    for (const line of [
      'signalbox_runs{status="running"} 1',
      'signalbox_runs{status="succeeded"} 1',
      'signalbox_runs{status="failed"} 0',
      "signalbox_points_stored 3",
      "signalbox_log_lines_stored 1",
      'signalbox_run_step{run="live",name="a \\"run\\""} 3',
    ]) {
      expect(lines).toContain(line);
    }
    expect(own.text).not.toContain('run="done"');

    const foreign = await metricsOf(admin);
    expect(foreign).toContain('signalbox_runs{status="running"} 0\n');
    expect(foreign).toContain("signalbox_points_stored 0\n");
    expect(foreign).not.toContain('run="live"');
    expect((await api.call("GET", "/api/metrics", { bearer: token })).status).toBe(403);
    expect((await api.call("GET", "/api/metrics")).status).toBe(401);
  });

  it("tells what all users together do to administrators alone", async () => {
    const names = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    const forAdmin = names(await metricsOf(admin));
    const forOther = names(await metricsOf(other));
    expect(forOther).toEqual(
      expect.arrayContaining(["signalbox_info", "signalbox_runs", "signalbox_points_stored"]),
    );
    for (const name of forOther) expect(name).toMatch(/^signalbox_(info|runs?_?|points|pred|log)/);
    expect(forAdmin).toEqual(
      expect.arrayContaining([
        "signalbox_up",
        "signalbox_streams_open",
        "signalbox_streams_opened_total",
        "signalbox_streams_closed_total",
        "signalbox_stream_resets_total",
        "signalbox_stream_duration_seconds",
        "signalbox_stream_frames_total",
        "signalbox_stream_sent_bytes_total",
        "signalbox_stream_notify_to_frame_seconds",
        "signalbox_realtime_reconnects_total",
        "signalbox_http_requests_total",
        "signalbox_http_request_duration_seconds",
        "signalbox_ingest_duration_seconds",
        "signalbox_ingest_body_bytes",
        "signalbox_database_call_duration_seconds",
        "signalbox_database_call_failures_total",
        "signalbox_refusals_total",
        "signalbox_client_errors_total",
        "process_resident_memory_bytes",
        "nodejs_eventloop_lag_max_seconds",
      ]),
    );
    const key = await api.makeKey(admin, ["read"]);
    expect(names((await api.call("GET", "/api/metrics", { key })).text)).toEqual(forAdmin);
  });

  it("measures requests, ingest, the database and streams as they happen", async () => {
    const { token } = await api.attach(admin, "measured");
    const before = await metricsOf(admin);
    const json = { job_id: "measured", metrics: [{ step: 1, loss: 0.5 }] };
    await api.call("POST", "/api/training/local/metrics", { bearer: token, json });
    await api.call("POST", "/api/training/local/metrics", { bearer: token, json: {} });
    const stream = await api.send("GET", "/api/training/jobs/measured/stream?follow=0", {
      bearer: admin.accessToken,
    });
    const frames = (await stream.text()).split("\n\n").length - 1;
    const after = await metricsOf(admin);
    const grown = (name: string) => sampleOf(after, name) - sampleOf(before, name);

    expect(grown('signalbox_http_requests_total{kind="ingest",status="200"}')).toBe(1);
    expect(grown('signalbox_http_requests_total{kind="ingest",status="400"}')).toBe(1);
    expect(grown('signalbox_ingest_duration_seconds_count{kind="metrics"}')).toBe(2);
    expect(grown('signalbox_ingest_body_bytes_sum{kind="metrics"}')).toBe(
      JSON.stringify(json).length + 2,
    );
    expect(grown("signalbox_database_call_duration_seconds_count")).toBeGreaterThan(0);
    expect(grown('signalbox_streams_opened_total{kind="run",start="new"}')).toBe(1);
    expect(grown('signalbox_streams_closed_total{kind="run",reason="ended"}')).toBe(1);
    expect(grown("signalbox_stream_frames_total")).toBe(frames);
    expect(grown('signalbox_stream_sent_bytes_total{encoding="identity"}')).toBeGreaterThan(0);
    expect(sampleOf(after, 'signalbox_up{part="database"}')).toBe(1);
    expect(sampleOf(after, "signalbox_streams_open")).toBe(0);
  });
});

describe("GET /api/service", () => {
  it("gives administrators the service's states, samples and totals", async () => {
    const reply = await api.call("GET", "/api/service", { bearer: admin.accessToken });
    expect(reply.status).toBe(200);
    const service = reply.as(serviceReplySchema);
    expect(service.states).toEqual({ database: "ok", realtime: "ok", backend: "ok" });
    expect(service.totals.streams_opened.length).toBeGreaterThan(0);
  });

  it("is for everybody else a route that does not exist", async () => {
    const as = { bearer: other.accessToken };
    const hidden = await api.call("GET", "/api/service", as);
    expectRefusal(hidden, 404);
    expect(hidden.body).toMatchObject({ error: { message: "Route not found." } });
  });
});

describe("POST /api/client-errors", () => {
  const report = (user: TestUser, json: unknown) =>
    api.call("POST", "/api/client-errors", { bearer: user.accessToken, json });

  it("counts a page's error and writes one line", async () => {
    const logged = vi.spyOn(console, "warn").mockImplementation(() => {});
    const before = await metricsOf(admin);
    const json = { kind: "render", message: "TypeError: a\nb\r\u001b[2J", page: "/runs" };
    expect((await report(other, json)).status).toBe(202);
    const name = 'signalbox_client_errors_total{kind="render"}';
    expect(sampleOf(await metricsOf(admin), name) - sampleOf(before, name)).toBe(1);
    const [line] = logged.mock.calls.map((words) => words.join(" "));
    expect(line).toBe(
      '[browser] render {"message":"TypeError: a\\nb\\r\\u001b[2J","page":"/runs"}',
    );
  });

  it("refuses what is too large, unknown or from nobody", async () => {
    const ok = { kind: "error", message: "x" };
    expectRefusal(await report(other, { ...ok, message: "x".repeat(301) }), 400);
    expectRefusal(await report(other, { ...ok, kind: "other" }), 400);
    expectRefusal(await report(other, { ...ok, run: "a" }), 400);
    expectRefusal(await report(other, { ...ok, message: "x".repeat(9_000) }), 413);
    expectRefusal(await api.call("POST", "/api/client-errors", { json: ok }), 401);
  });

  it("takes thirty a minute from a user, and then says when to go on", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const user = await api.signUp("noisy");
    const json = { kind: "rejection", message: "x" };
    for (let n = 0; n < 30; n += 1) expect((await report(user, json)).status).toBe(202);
    const refused = await report(user, json);
    expectRefusal(refused, 429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await report(other, json)).status).toBe(202);
  });
});

describe("docs/operations/monitoring", () => {
  const folder = new URL("../../docs/operations/", import.meta.url);
  const read = (file: string) => readFile(new URL(file, folder), "utf8");
  const mentioned = (text: string) => [
    ...new Set(text.match(/\b(signalbox|process|nodejs)_[a-z0-9_]*[a-z0-9]/g)),
  ];

  /** The names under which Prometheus knows what is exported. */
  async function exported(): Promise<Set<string>> {
    const families = [...(await metricsOf(admin)).matchAll(/^# TYPE (\S+) (\S+)/gm)];
    return new Set(
      families.flatMap(([, name = "", type]) =>
        type === "histogram" ? ["", "_bucket", "_sum", "_count"].map((end) => name + end) : [name],
      ),
    );
  }

  it.each([
    "monitoring.md",
    "monitoring/signalbox.rules.yml",
    "monitoring/signalbox.dashboard.json",
  ])("names nothing in %s that is not exported", async (file) => {
    const names = mentioned(await read(file));
    expect(names.length).toBeGreaterThan(10);
    const known = await exported();
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it("describes everything that is exported", async () => {
    const described = new Set(mentioned(await read("monitoring.md")));
    const families = [...(await metricsOf(admin)).matchAll(/^# TYPE (\S+)/gm)].map(
      ([, name]) => name,
    );
    expect(
      families.filter((name) => name !== "signalbox_info" && !described.has(name ?? "")),
    ).toEqual([]);
  });
});
