import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Liveness } from "./liveness.ts";
import { LogFile } from "./log-file.ts";

const followParent = fileURLToPath(new URL("./follow-parent.mjs", import.meta.url));

export interface ServiceOptions {
  /** The display name: "The database". */
  name: string;
  /** Script and arguments for Node. */
  args: string[];
  env: Record<string, string | undefined>;
  logFile: string;
  /** Called with every line the service prints. */
  onLine?: (line: string) => void;
  onStarted?: (pid: number | undefined) => void;
  /** Called when the service ends before it was ever ready; its final output is in the log file. */
  onFailed: (reason: string) => void;
  /** Without an answer for so long a service that was ready is ended, and started again. */
  hungAfterMs: number;
}

/** A service that exits sooner than this was not running properly. */
const earlyExitMs = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 30_000;

/**
 * A child process that is restarted when it crashes or hangs, with longer pauses while it does not get
 * far: a full disk gets room, and a port is given back, at a time that nobody knows. It has a process group of its own, so that
 * Ctrl-C reaches only the supervisor, which stops the services in order. A service notices that the
 * supervisor was killed when its standard input closes.
 */
export class Service {
  readonly #options: ServiceOptions;
  readonly #log: LogFile;
  #env: Record<string, string | undefined>;
  #child: ChildProcess | null = null;
  #everReady = false;
  #liveness: Liveness | null = null;
  #stopping = false;
  #earlyExits = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#log = new LogFile(options.logFile);
    this.#env = options.env;
  }

  /**
   * Marks the start as successful: from now on an exit is a crash, and leads to a restart.
   * @param url responds as long as the service does
   */
  markReady(url: string, env: Record<string, string> = {}): void {
    this.#env = { ...this.#env, ...env };
    if (this.#everReady) return;
    this.#everReady = true;
    const { hungAfterMs } = this.#options;
    this.#liveness = new Liveness({ url, hungAfterMs, onHung: () => this.#endHung() });
    if (this.#child) this.#liveness.start();
  }

  start(): void {
    const { args, name, onLine, onStarted } = this.#options;
    const startedAt = performance.now();
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
    this.#liveness?.start();
    onStarted?.(child.pid);
    const record = (line: string) => {
      this.#log.write(`${new Date().toISOString()} ${line}`);
      onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", record);
    }
    child.on("error", (error) => record(String(error)));
    // "close" and not "exit": by then all output has been read.
    child.on("close", (code, signal) => {
      this.#child = null;
      this.#liveness?.stop();
      if (this.#stopping) return;
      const how = signal ? `was terminated by ${signal}` : `exited with code ${code}`;
      this.#earlyExits = performance.now() - startedAt < earlyExitMs ? this.#earlyExits + 1 : 0;
      if (!this.#everReady) {
        this.#options.onFailed(`${name} ${how}.`);
        return;
      }
      console.error(`${name} ${how}. Restarting …`);
      const pauseMs = Math.min(firstPauseMs * 2 ** this.#earlyExits, longestPauseMs);
      this.#restart = setTimeout(() => this.start(), pauseMs);
    });
  }

  /** A process that hangs, or that was stopped, heeds no other signal. */
  #endHung(): void {
    const { name, hungAfterMs } = this.#options;
    console.error(`${name} has not responded for ${Math.round(hungAfterMs / 1000)} s.`);
    this.#child?.kill("SIGKILL");
  }

  /** Asks the service to stop, and kills it after `timeoutMs`. */
  async stop(timeoutMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#liveness?.stop();
    const child = this.#child;
    if (!child) return;
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    child.kill("SIGTERM");
    const deadline = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    await closed;
    clearTimeout(deadline);
  }
}
