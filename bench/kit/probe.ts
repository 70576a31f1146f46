import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Dashboard } from "../../e2e/kit/dashboard.ts";
import { until } from "./pace.ts";

export interface Usage {
  /** Kilobytes (1,000 bytes). */
  rssKb: number;
  heapKb: number;
  externalKb: number;
  /** Seconds of processor time since the process began. */
  cpuSeconds: number;
}

interface Reply {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

const usageCode = `(() => {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return JSON.stringify({ rssKb: rss / 1e3, heapKb: heapUsed / 1e3, externalKb: external / 1e3,
    cpuSeconds: (user + system) / 1e6 });
})()`;

/** What a dashboard must be started with so that its processes can be looked into. */
export const probeEnv = { NODE_OPTIONS: "--inspect-port=0" };

/** Looks into a running Node process by its own inspector: memory, processor time, profiles. */
export class Probe {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const reply = JSON.parse(String(data)) as Reply;
      if (reply.id === undefined) return;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    };
  }

  /** Opens the inspector of a dashboard's service; the dashboard runs with `probeEnv`. */
  static async open(dashboard: Dashboard, service: "web" | "database"): Promise<Probe> {
    const { services } = await dashboard.runtime();
    const log = join(dashboard.dataDir, `${service}.log`);
    let url = "";
    process.kill(services[service], "SIGUSR1");
    await until(`the inspector of ${service}`, 10_000, async () => {
      const found = /Debugger listening on (ws:\S+)/.exec(await readFile(log, "utf8"));
      url = found?.[1] ?? "";
      return url !== "";
    });
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    return new Probe(socket);
  }

  /** Memory and processor time; `collect` collects the garbage first, until that frees no more. */
  async usage({ collect }: { collect: boolean }): Promise<Usage> {
    let usage = await this.#usage();
    for (let round = 0; collect && round < 6; round += 1) {
      const before = usage.rssKb;
      await this.#call("HeapProfiler.collectGarbage");
      usage = await this.#usage();
      if (round > 1 && before - usage.rssKb < 0.005 * before) break;
    }
    return usage;
  }

  async startProfile(): Promise<void> {
    await this.#call("Profiler.enable");
    await this.#call("Profiler.setSamplingInterval", { interval: 500 });
    await this.#call("Profiler.start");
  }

  /** Writes what was sampled since `startProfile`, for Chromium's developer tools. */
  async writeProfile(file: string): Promise<void> {
    const { profile } = await this.#call("Profiler.stop");
    await writeFile(file, JSON.stringify(profile));
  }

  close(): void {
    this.#socket.close();
  }

  async #usage(): Promise<Usage> {
    const reply = await this.#call("Runtime.evaluate", { expression: usageCode });
    const { value } = reply.result as { value: string };
    return JSON.parse(value) as Usage;
  }

  #call(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
