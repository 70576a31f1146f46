import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = resolve(import.meta.dirname, "../..");

interface Runtime {
  url: string;
  pid: number;
  services: { database: number; backend: number; web: number };
}

/** A whole Signalbox as `npm start` runs it, with a data folder and a port of its own. */
export class Dashboard {
  readonly dataDir: string;
  readonly port: number;
  readonly env: Record<string, string>;
  #process: ChildProcess | null = null;
  output: string[] = [];

  constructor(dataDir: string, port: number, env: Record<string, string>) {
    this.dataDir = dataDir;
    this.port = port;
    this.env = env;
  }

  static async create(env: Record<string, string> = {}): Promise<Dashboard> {
    const dataDir = await mkdtemp(join(tmpdir(), "signalbox-e2e-"));
    return new Dashboard(dataDir, await freePort(), env);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it and waits for the line that says so. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(root, "scripts/start/main.ts")], {
      cwd: root,
      env: {
        ...process.env,
        NO_COLOR: "1",
        PORT: String(this.port),
        SIGNALBOX_DATA_DIR: this.dataDir,
        ...this.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    const ready = new Promise<void>((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          this.output.push(line);
          if (line.includes("Signalbox is ready")) resolve();
        });
      }
      child.once("exit", (code) =>
        reject(new Error(`The dashboard ended with ${code}:\n${this.output.join("\n")}`)),
      );
    });
    await ready;
  }

  async runtime(): Promise<Runtime> {
    return JSON.parse(await readFile(join(this.dataDir, "runtime.json"), "utf8")) as Runtime;
  }

  async apiKey(): Promise<string> {
    const text = await readFile(join(this.dataDir, "credentials.json"), "utf8");
    return (JSON.parse(text) as { api_key: string }).api_key;
  }

  /** Sends a signal to the supervisor and waits until it and everything it started is gone. */
  async end(signal: NodeJS.Signals): Promise<number> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return 0;
    const pids = existsSync(join(this.dataDir, "runtime.json"))
      ? Object.values((await this.runtime()).services)
      : [];
    const startedAt = performance.now();
    child.kill(signal);
    await once(child, "exit");
    await Promise.all(pids.map(gone));
    this.#process = null;
    return performance.now() - startedAt;
  }

  async remove(): Promise<void> {
    await this.end("SIGTERM");
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A request with the local owner's API key. */
  async api(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { "X-API-Key": await this.apiKey(), "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
}

/** Ends a process at once, as a crash does. */
export function kill(pid: number): void {
  process.kill(pid, "SIGKILL");
}

async function gone(pid: number): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    // There is no event for the end of somebody else's child.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Process ${pid} is still there.`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === "object" && address) resolve(address.port);
      });
    });
  });
}
