import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("../main.ts", import.meta.url));
/** What callers of the backend authenticate with. */
export const TOKEN = "test-token";

export interface Answered {
  status: number;
  body: Record<string, unknown>;
}

/** The real backend in its own process, driven over HTTP. */
export class BackendUnderTest {
  readonly #dataDir: string;
  readonly #settings: Record<string, string>;
  #child: ChildProcess | null = null;
  #port = 0;

  /** `settings`: further environment variables. */
  constructor(dataDir: string, settings: Record<string, string> = {}) {
    this.#dataDir = dataDir;
    this.#settings = settings;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [ENTRY], {
      env: {
        NODE_ENV: "test",
        PATH: process.env.PATH,
        TRAINING_BACKEND_TOKEN: TOKEN,
        SIGNALBOX_DATA_DIR: this.#dataDir,
        ...this.#settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    child.stderr?.resume();
    this.#port = await new Promise<number>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`the backend ended with code ${code}`)));
      createInterface({ input: child.stdout }).once("line", (line) => {
        resolve((JSON.parse(line) as { port: number }).port);
      });
    });
  }

  async signal(signal: "SIGKILL" | "SIGTERM"): Promise<number> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return 0;
    const started = performance.now();
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
    return performance.now() - started;
  }

  async call(method: string, path: string, body?: unknown, token = TOKEN): Promise<Answered> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
}
