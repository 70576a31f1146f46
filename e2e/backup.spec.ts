import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Dashboard } from "./kit/dashboard";
import { piped } from "./kit/terminal";

test("a running dashboard is backed up, and restored once it is stopped", async () => {
  test.setTimeout(240_000);
  const dashboard = await Dashboard.create();
  const folder = await mkdtemp(join(tmpdir(), "signalbox-e2e-"));
  const env = { SIGNALBOX_DATA_DIR: dashboard.dataDir };
  const run = (...args: string[]) => piped(args, env);
  const jobs = async () => {
    const reply = await dashboard.api("GET", "/api/training/jobs");
    const { jobs: found } = (await reply.json()) as { jobs: { id: string; generation: string }[] };
    return found.map(({ id, generation }) => ({ id, generation }));
  };
  try {
    await dashboard.start();
    await dashboard.api("POST", "/api/training/local/jobs", { job_id: "kept" });
    const [before] = await jobs();
    const file = join(folder, "one.tar.gz");
    const made = await run("backup", file);
    expect(made).toMatchObject({ code: 0, out: expect.stringContaining(" MB") });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await run("backup", file)).toMatchObject({
      code: 1,
      err: expect.stringContaining("exists"),
    });
    await dashboard.api("POST", "/api/training/local/jobs", { job_id: "later" });

    const running = await run("restore", file, "--replace");
    expect(running).toMatchObject({ code: 1, err: expect.stringContaining("is in use") });
    await dashboard.end("SIGTERM");
    const occupied = await run("restore", file);
    expect(occupied).toMatchObject({ code: 1, err: expect.stringContaining("is not empty") });
    const restored = await run("restore", file, "--replace");
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining("Restored") });

    await dashboard.start();
    const after = await jobs();
    expect(after.map(({ id }) => id)).toEqual(["kept"]);
    expect(after[0]?.generation).not.toBe(before?.generation);
  } finally {
    await dashboard.remove();
    await rm(folder, { recursive: true, force: true });
  }
});
