import { afterAll, beforeAll, expect, it } from "vitest";
import { startApi, type TestApi } from "./kit.ts";

let api: TestApi;

beforeAll(async () => {
  api = await startApi({ engine: "pglite" });
});
afterAll(() => api.close());

it("exports the user's own runs and this process to a monitoring system", async () => {
  const [a, b] = [await api.signUp("a"), await api.signUp("b")];
  const { token } = await api.attach(a, "live", { name: 'a "run"' });
  await api.attach(a, "done", { status: "succeeded" });
  const points = [1, 2, 3].map((step) => ({ name: "loss", step, value: 1 }));
  const json = { job_id: "live", points };
  await api.call("POST", "/api/training/local/metrics", { bearer: token, json });
  await api.call("POST", "/api/training/local/live/logs", { bearer: token, json: { logs: ["x"] } });

  const own = await api.call("GET", "/api/metrics", { key: await api.makeKey(a, ["read"]) });
  expect(own.status).toBe(200);
  const lines = own.text.split("\n");
  for (const line of [
    'signalbox_runs{status="running"} 1',
    'signalbox_runs{status="succeeded"} 1',
    'signalbox_runs{status="failed"} 0',
    "signalbox_points_stored 3",
    "signalbox_log_lines_stored 1",
    'signalbox_run_step{run="live",name="a \\"run\\""} 3',
    "signalbox_stream_viewers 0",
    'signalbox_realtime_reconnects_total{reason="closed"} 0',
    "signalbox_realtime_topics_joined 0",
  ]) {
    expect(lines).toContain(line);
  }
  expect(own.text).not.toContain('run="done"');
  expect(own.text).toMatch(/^process_cpu_seconds_total \d/m);

  const other = await api.call("GET", "/api/metrics", { bearer: b.accessToken });
  expect(other.text).toContain('signalbox_runs{status="running"} 0\n');
  expect(other.text).toContain("signalbox_points_stored 0\n");
  expect((await api.call("GET", "/api/metrics", { bearer: token })).status).toBe(403);
  expect((await api.call("GET", "/api/metrics")).status).toBe(401);
});
