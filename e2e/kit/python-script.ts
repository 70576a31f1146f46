import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findPython } from "../../scripts/test/python";
import type { Dashboard } from "./dashboard";

const root = resolve(import.meta.dirname, "../..");

/** What the script wrote down of one step. */
export interface Note {
  step: number;
  loss: number;
  rate: number;
}

/** `plain_loop.py` as a process of its own, in a folder of its own. */
export class PythonScript {
  readonly #python: string;
  readonly #dashboard: Dashboard;
  readonly #folder: string;
  #process: ChildProcess | null = null;
  output = "";
  errors = "";

  private constructor(python: string, dashboard: Dashboard, folder: string) {
    this.#python = python;
    this.#dashboard = dashboard;
    this.#folder = folder;
  }

  /** Null where there is no Python that runs the SDK. */
  static async create(dashboard: Dashboard): Promise<PythonScript | null> {
    const python = findPython();
    if (!python) return null;
    return new PythonScript(python, dashboard, await mkdtemp(join(tmpdir(), "signalbox-python-")));
  }

  start(steps: number, secondsAStep: number): void {
    const script = join(root, "e2e/kit/plain_loop.py");
    this.#spawn([script, String(steps), String(secondsAStep), "notes"]);
  }

  /** Runs some code instead. */
  run(code: string, env: Record<string, string> = {}): void {
    this.#spawn(["-c", code], env);
  }

  #spawn(args: string[], env: Record<string, string> = {}): void {
    const child = spawn(this.#python, args, {
      cwd: this.#folder,
      env: {
        ...process.env,
        PYTHONPATH: join(root, "sdk/python/src"),
        PYTHONDONTWRITEBYTECODE: "1",
        SIGNALBOX_DATA_DIR: this.#dashboard.dataDir,
        SIGNALBOX_QUIET: "1",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.on("data", (text) => {
      this.output += text;
    });
    child.stderr.on("data", (text) => {
      this.errors += text;
    });
    this.#process = child;
  }

  /** Waits for the end and returns the exit code; null after a signal. */
  async ended(): Promise<number | null> {
    const child = this.#process;
    if (!child) throw new Error("The script was not started.");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    return child.exitCode;
  }

  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.ended();
  }

  /** Steps that the script says it logged, in its order. */
  async notes(): Promise<Note[]> {
    const file = join(this.#folder, "notes");
    if (!existsSync(file)) return [];
    const lines = (await readFile(file, "utf8")).split("\n").slice(0, -1);
    return lines.map((line) => {
      const [step = 0, loss = 0, rate = 0] = JSON.parse(line) as number[];
      return { step, loss, rate };
    });
  }

  async remove(): Promise<void> {
    if (this.#process && this.#process.exitCode === null) this.#process.kill("SIGKILL");
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
