import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobSchema } from "@signalbox/protocol/job/job";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackendUnderTest, TOKEN } from "../../backend/testing/backend-under-test.ts";
import { findPython } from "../../scripts/test/python.ts";
import { unpackArchive } from "../../supabase/local/backup/archive.ts";
import { programVersion } from "../../supabase/local/backup/program-version.ts";
import { startApi, type TestApi } from "../api/kit.ts";
import { runPython } from "../sdk/run-python.ts";
import { type ServedApi, serveApi } from "../sdk/serve-api.ts";
import { type Readable, readEverything } from "./readable.ts";

const archives = (await readdir(import.meta.dirname)).filter((name) => name.endsWith(".tar.zst"));
const patience = { timeout: 60_000, interval: 100 };

it("keeps a data folder of every released version", async () => {
  expect(archives).toContain(`${await programVersion()}.tar.zst`);
});

describe.each(archives)("the data folder %s, opened by this version", (archive) => {
  let dataDir: string;
  let api: TestApi;
  let served: ServedApi;
  let backend: BackendUnderTest;
  let readable: Readable;
  let key: string;
  let adminKey: string;

  const fileOf = async <T>(name: string) =>
    JSON.parse(await readFile(join(dataDir, name), "utf8")) as T;
  const get = async (path: string, as = key) => (await api.call("GET", path, { key: as })).body;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "signalbox-test-"));
    await unpackArchive(join(import.meta.dirname, archive), dataDir);
    readable = await fileOf<Readable>("readable.json");
    key = (await fileOf<{ api_key: string }>("credentials.json")).api_key;
    adminKey = (await fileOf<{ admin_key: string }>("owner.json")).admin_key;
    api = await startApi({ dataDir });
    served = await serveApi(api);
    backend = new BackendUnderTest(dataDir, { SIGNALBOX_DASHBOARD_URL: served.url });
  });
  afterAll(async () => {
    await backend.signal("SIGKILL");
    await served.close();
    await api.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });

  it("reads back everything that the version had stored", async () => {
    const now = await readEverything((path) => get(path, adminKey));
    expect(Object.keys(now)).toEqual(expect.arrayContaining(Object.keys(readable)));
    for (const [path, reply] of Object.entries(readable)) {
      expect({ path, reply: now[path] }).toMatchObject({ path, reply });
    }
  });

  it("signs its owner in with the password of the folder", async () => {
    const { email, password } = await fileOf<{ email: string; password: string }>("owner.json");
    const reply = await fetch(`${api.supabase.url}/auth/v1/token?grant_type=password`, {
      method: "POST",
      headers: { "Content-Type": "application/json", apikey: api.supabase.publishableKey },
      body: JSON.stringify({ email, password }),
    });
    expect(reply.status).toBe(200);
  });

  it("resumes the paused run from its checkpoint to its end", async () => {
    await backend.start();
    api.useBackend(backend.url, TOKEN);
    const found = (await get("/api/training/jobs?q=paused")) as { jobs: { id: string }[] };
    const path = `/api/training/${found.jobs[0]?.id}`;
    const job = async () => jobSchema.parse(await get(path));
    const paused = await job();
    expect(paused).toMatchObject({ status: "paused", attempt: 1 });
    const control = `/api/training/local/${paused.id}/control`;
    const reply = await api.call("POST", control, { key, json: { action: "resume" } });
    expect(reply).toMatchObject({ status: 202 });
    await expect.poll(async () => (await job()).status, patience).toBe("succeeded");
    expect(await job()).toMatchObject({ attempt: 2, current_step: paused.total_steps });
    // The loss of each step once: from the checkpoint on, and not from the beginning.
    const { metrics } = (await get(`/api/training/local/${paused.id}/metrics?limit=1000`)) as {
      metrics: { step: number }[];
    };
    const steps = metrics.filter((row) => "train/loss" in row).map(({ step }) => step);
    expect(steps).toEqual(Array.from({ length: paused.total_steps ?? 0 }, (_, n) => n + 1));
  }, 120_000);

  it.skipIf(!findPython())("delivers what a script had left on disk", async () => {
    const python = findPython() ?? "";
    const env = { SIGNALBOX_URL: served.url, SIGNALBOX_API_KEY: key };
    const sent = await runPython(python, ["sync", dataDir], env, dataDir);
    expect(sent).toMatchObject({ code: 0, out: expect.stringContaining("unsent") });
    expect(await get("/api/training/unsent")).toMatchObject({ status: "succeeded" });
    const { metrics } = (await get("/api/training/local/unsent/metrics")) as { metrics: unknown[] };
    expect(metrics).toHaveLength(50);
  });
});
