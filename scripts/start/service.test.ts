import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { freePort } from "./ports.ts";
import { Service } from "./service.ts";

/** Answers on the port of its argument, and prints its process id once it does. */
const answering = `
  import { createServer } from "node:http";
  createServer((_, response) => response.end("yes"))
    .listen(Number(process.argv[2]), "127.0.0.1", () => console.log(process.pid));`;

describe("a service", () => {
  let folder: string;
  let script: string;
  let port: number;
  let service: Service | null;
  let pids: number[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "signalbox-service-"));
    script = join(folder, "service.mjs");
    port = await freePort("127.0.0.1");
    service = null;
    pids = [];
    vi.spyOn(console, "error").mockImplementation(() => {});
  });
  afterEach(async () => {
    await service?.stop(1_000);
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  async function start(code: string, hungAfterMs: number): Promise<string[]> {
    await writeFile(script, code);
    const failures: string[] = [];
    service = new Service({
      name: "It",
      args: [script, String(port)],
      env: {},
      logFile: join(folder, "service.log"),
      hungAfterMs,
      onLine: (line) => {
        pids.push(Number(line));
        service?.markReady(`http://127.0.0.1:${port}/`);
      },
      onFailed: (reason) => failures.push(reason),
    });
    service.start();
    await expect.poll(() => pids.length + failures.length, { timeout: 10_000 }).toBeGreaterThan(0);
    return failures;
  }
  const restarted = (times: number) =>
    expect.poll(() => pids.length, { timeout: 20_000 }).toBe(times + 1);
  const text = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();

  it("is ended and started again when it hangs: it is asked from outside", async () => {
    await start(answering, 1_500);
    process.kill(pids[0] ?? 0, "SIGSTOP");
    await restarted(1);
    expect(await text()).toBe("yes");
    expect(console.error).toHaveBeenCalledWith("It has not responded for 2 s.");
    expect(() => process.kill(pids[0] ?? 0, 0)).toThrow("ESRCH");
  }, 30_000);

  it("is ended when it spins, and heeds no signal", async () => {
    await start(
      `${answering} process.on("SIGTERM", () => {}); process.on("SIGUSR2", () => { for (;;); });`,
      1_500,
    );
    process.kill(pids[0] ?? 0, "SIGUSR2");
    await restarted(1);
    expect(await text()).toBe("yes");
  }, 30_000);

  it("is left alone as long as it responds", async () => {
    await start(answering.replace("=> ", '=> console.log("asked") ?? '), 300);
    await expect.poll(() => pids.length, { timeout: 20_000 }).toBeGreaterThan(10);
    expect(pids.slice(1).filter(Number.isInteger)).toEqual([]);
  });

  it("is started again as often as it crashes, with longer pauses", async () => {
    await start(`${answering} setTimeout(() => process.exit(9), 100);`, 60_000);
    await restarted(4);
    const log = await readFile(join(folder, "service.log"), "utf8");
    const times = log
      .trim()
      .split("\n")
      .map((line) => Date.parse(line.split(" ")[0] ?? ""));
    const pauses = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(pauses[3]).toBeGreaterThan((pauses[0] ?? 0) * 2);
    expect(pauses[3]).toBeGreaterThan(2_000);
  }, 30_000);

  it("has failed when it ends before it ever was ready", async () => {
    const failures = await start("process.exit(3)", 60_000);
    expect(failures).toEqual(["It exited with code 3."]);
  });

  it("stops at once while it waits to be started again", async () => {
    await start(`${answering} setTimeout(() => process.exit(9), 50);`, 60_000);
    await vi.waitFor(() => expect(console.error).toHaveBeenCalled(), 10_000);
    const begun = performance.now();
    await service?.stop(5_000);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
