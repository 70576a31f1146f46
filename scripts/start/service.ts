import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const followParent = fileURLToPath(new URL("./follow-parent.mjs", import.meta.url));

export interface ServiceOptions {
  /** As people know it: "The database". */
  name: string;
  /** Script and arguments for Node. */
  args: string[];
  env: Record<string, string | undefined>;
  /** Called with each line of output, both streams. */
  onLine: (line: string) => void;
}

const quickDeathMs = 10_000;

/**
 * A child process that is started again when it dies on its own. It sits in a process group of its
 * own, so that Ctrl-C reaches only the supervisor, which stops the services in order; should the
 * supervisor itself be killed, the service notices by its closed standard input.
 */
export class Service {
  readonly #options: ServiceOptions;
  readonly #onGivenUp: (reason: string) => void;
  #child: ChildProcess | null = null;
  #stopping = false;
  #quickDeaths = 0;
  #restart: NodeJS.Timeout | undefined;
  #env: Record<string, string | undefined>;

  constructor(options: ServiceOptions, onGivenUp: (reason: string) => void) {
    this.#options = options;
    this.#env = options.env;
    this.#onGivenUp = onGivenUp;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Settings for the next start: a port, once known, is kept. */
  keep(env: Record<string, string>): void {
    this.#env = { ...this.#env, ...env };
  }

  start(): void {
    const startedAt = Date.now();
    const child = spawn(
      process.execPath,
      ["--import", followParent, "--disable-warning=ExperimentalWarning", ...this.#options.args],
      {
        env: { ...process.env, ...this.#env },
        stdio: ["pipe", "pipe", "pipe"],
        detached: process.platform !== "win32",
      },
    );
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", this.#options.onLine);
    }
    child.on("error", (error) => this.#options.onLine(String(error)));
    child.on("exit", (code, signal) => {
      this.#child = null;
      if (this.#stopping) return;
      this.#quickDeaths = Date.now() - startedAt < quickDeathMs ? this.#quickDeaths + 1 : 0;
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      if (this.#quickDeaths > 3 || (code === 1 && this.#quickDeaths > 0)) {
        this.#onGivenUp(`${this.#options.name} ${how}.`);
        return;
      }
      const wait = 250 * 2 ** this.#quickDeaths;
      console.error(`${this.#options.name} ${how}; starting it again …`);
      this.#restart = setTimeout(() => this.start(), wait);
    });
  }

  /** Asks the service to stop, and ends it after `patienceMs`. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const deadline = setTimeout(() => child.kill("SIGKILL"), patienceMs);
    await gone;
    clearTimeout(deadline);
  }
}
