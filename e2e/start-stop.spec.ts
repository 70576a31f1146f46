import { expect, test } from "@playwright/test";
import { Dashboard } from "./kit/dashboard";

test("everything stops within seconds, open streams included, and is all there again", async () => {
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

test("a taken port is named, with the setting that changes it", async () => {
  const dashboard = await Dashboard.create();
  const { createServer } = await import("node:net");
  const squatter = createServer().listen(dashboard.port, "127.0.0.1");
  try {
    await expect(dashboard.start()).rejects.toThrow(
      new RegExp(`Port ${dashboard.port} on 127.0.0.1 is taken[\\s\\S]*PORT=`),
    );
  } finally {
    squatter.close();
    await dashboard.remove();
  }
});
