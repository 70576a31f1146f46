import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const followParent = fileURLToPath(new URL("./follow-parent.mjs", import.meta.url));

export interface ServiceOptions {
  /** As people know it: "The database". */
  name: string;
  /** Script and arguments for Node. */
  args: string[];
  env: Record<string, string | undefined>;
  logFile: string;
  /** Called with every line the service prints. */
  onLine?: (line: string) => void;
  onStarted?: (pid: number | undefined) => void;
  /** Called when the service dies again and again; its last words are in the log file. */
  onGivenUp: (reason: string) => void;
}

/** A service that lives shorter than this has died of its circumstances, not of an accident. */
const quickDeathMs = 10_000;
const quickDeathsAllowed = 3;

/**
 * A child process that is started again when it dies by accident. It sits in a process group of
 * its own, so that Ctrl-C reaches only the supervisor, which stops the services in order; should
 * the supervisor itself be killed, the service notices by its closed standard input.
 */
export class Service {
  readonly #options: ServiceOptions;
  #env: Record<string, string | undefined>;
  #child: ChildProcess | null = null;
  #everReady = false;
  #stopping = false;
  #quickDeaths = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#env = options.env;
  }

  /** Says that the start succeeded: from now on a death is an accident. */
  markReady(env: Record<string, string> = {}): void {
    this.#everReady = true;
    this.#env = { ...this.#env, ...env };
  }

  start(): void {
    const { args, name, onLine, onStarted } = this.#options;
    const startedAt = Date.now();
    const child = spawn(
      process.execPath,
      ["--import", followParent, "--disable-warning=ExperimentalWarning", ...args],
      {
        env: { ...process.env, ...this.#env, SIGNALBOX_SUPERVISOR: String(process.pid) },
        stdio: ["pipe", "pipe", "pipe"],
        detached: process.platform !== "win32",
      },
    );
    this.#child = child;
    onStarted?.(child.pid);
    const record = (line: string) => {
      appendFileSync(this.#options.logFile, `${new Date().toISOString()} ${line}\n`);
      onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", record);
    }
    child.on("error", (error) => record(String(error)));
    // "close" and not "exit": by then the last words have been read.
    child.on("close", (code, signal) => {
      this.#child = null;
      if (this.#stopping) return;
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      this.#quickDeaths = Date.now() - startedAt < quickDeathMs ? this.#quickDeaths + 1 : 0;
      if (!this.#everReady || this.#quickDeaths > quickDeathsAllowed) {
        this.#options.onGivenUp(`${name} ${how}.`);
        return;
      }
      console.error(`${name} ${how}; starting it again …`);
      this.#restart = setTimeout(() => this.start(), 250 * 2 ** this.#quickDeaths);
    });
  }

  /** Asks the service to stop, and ends it after `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.kill("SIGTERM");
    const deadline = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await gone;
    clearTimeout(deadline);
  }
}
