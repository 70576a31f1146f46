import { cp, readFile, rename, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Dashboard } from "./kit/dashboard";

test("everything stops within seconds, open streams included, and starts again with all data", async () => {
  test.setTimeout(240_000);
  const dashboard = await Dashboard.create();
  try {
    await dashboard.start();
    await dashboard.api("POST", "/api/training/local/jobs", { job_id: "kept", name: "Kept" });
    const nowhere = await dashboard.api("GET", "/api/no/such/route");
    expect(nowhere.status).toBe(404);
    expect(await nowhere.json()).toMatchObject({ error: { code: "not_found" } });
    const streams = await Promise.all([
      dashboard.api("GET", "/api/training/jobs/kept/stream"),
      dashboard.api("GET", "/api/training/jobs/stream"),
    ]);
    expect(streams.map((stream) => stream.status)).toEqual([200, 200]);
    const readers = streams.map((stream) => stream.body?.getReader());
    await Promise.all(readers.map((reader) => reader?.read()));

    expect(await dashboard.end("SIGINT")).toBeLessThan(8_000);

    const startedAt = performance.now();
    await dashboard.start();
    // A second start builds nothing and installs nothing.
    expect(dashboard.output.filter((line) => line.includes("Building"))).toEqual([]);
    test.info().annotations.push({
      type: "second start",
      description: `${Math.round(performance.now() - startedAt)} ms`,
    });
    const job = await dashboard.api("GET", "/api/training/kept");
    expect(await job.json()).toMatchObject({ id: "kept", name: "Kept" });
  } finally {
    await dashboard.remove();
  }
});

test("nothing is left behind when the supervisor is killed amid streams and waiting trainers", async () => {
  test.setTimeout(240_000);
  const dashboard = await Dashboard.create();
  try {
    await dashboard.start();
    const attached = await dashboard.api("POST", "/api/training/local/jobs", { job_id: "waits" });
    const { job_token } = (await attached.json()) as { job_token: string };
    const stream = await dashboard.api("GET", "/api/training/jobs/waits/stream");
    await stream.body?.getReader().read();
    const next = fetch(`${dashboard.url}/api/training/local/waits/commands/next?wait=25`, {
      headers: { Authorization: `Bearer ${job_token}` },
    }).catch(() => null);
    // A request that never comes to its end keeps the web server from closing by itself.
    const halfSent = connect(dashboard.port, "127.0.0.1");
    halfSent.on("error", () => {});
    halfSent.write(
      `POST /api/training/local/metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${job_token}\r\n` +
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    );

    // Throws where a service is still there after 15 s.
    await dashboard.end("SIGKILL");
    await next;
    halfSent.destroy();
  } finally {
    await dashboard.remove();
  }
});

test("small files that are lost or damaged heal, and a refused second start leaves them alone", async () => {
  test.setTimeout(480_000);
  const dashboard = await Dashboard.create();
  const at = (name: string) => join(dashboard.dataDir, name);
  const other = new Dashboard(`${dashboard.dataDir}-copy`, dashboard.port, {});
  try {
    await dashboard.start();
    await dashboard.api("POST", "/api/training/local/jobs", { job_id: "kept", name: "Kept" });
    const kept = async (from: Dashboard) => (await from.api("GET", "/api/training/kept")).status;

    const runtime = await readFile(at("runtime.json"), "utf8");
    const second = await Dashboard.create({ SIGNALBOX_DATA_DIR: dashboard.dataDir });
    await expect(second.start()).rejects.toThrow("is in use by another Signalbox");
    await second.remove();
    const samePort = new Dashboard(dashboard.dataDir, dashboard.port, {});
    await expect(samePort.start()).rejects.toThrow("is already in use");
    expect(await readFile(at("runtime.json"), "utf8")).toBe(runtime);
    expect(await kept(dashboard)).toBe(200);
    await dashboard.end("SIGTERM");

    await writeFile(at("owner.json"), "");
    await writeFile(at("credentials.json"), "{");
    await writeFile(at("runtime.json"), "");
    await writeFile(at("schema.json"), "[]");
    await dashboard.start();
    expect(await kept(dashboard)).toBe(200);
    await dashboard.end("SIGTERM");

    await cp(dashboard.dataDir, other.dataDir, { recursive: true });
    await other.start();
    expect(await kept(other)).toBe(200);
    await other.end("SIGTERM");

    await rename(at("database"), at("moved-away"));
    await dashboard.start();
    expect(await kept(dashboard)).toBe(404);
    const put = await dashboard.api("POST", "/api/training/local/jobs", { job_id: "first-again" });
    expect(put.status).toBe(200);
  } finally {
    await dashboard.remove();
    await other.remove();
  }
});

test("a taken port is named, with the setting that changes it", async () => {
  const dashboard = await Dashboard.create();
  const { createServer } = await import("node:net");
  const squatter = createServer().listen(dashboard.port, "127.0.0.1");
  try {
    await expect(dashboard.start()).rejects.toThrow(
      new RegExp(`Port ${dashboard.port} on 127.0.0.1 is already in use[\\s\\S]*PORT=`),
    );
  } finally {
    squatter.close();
    await dashboard.remove();
  }
});
