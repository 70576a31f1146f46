import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type Answer,
  type Begin,
  fromTrainerSchema,
  type Progress,
  type ToTrainer,
  type TrainerCommand,
} from "../trainers/runtime/protocol.ts";

export interface TrainerProcessEvents {
  progress: (progress: Progress) => void;
  answer: (commandId: string, answer: Answer) => void;
  /** A line that the process itself printed: warnings, and the trace of a crash. */
  line: (stream: "stdout" | "stderr", text: string) => void;
  /** The process is gone and all it printed has been read. */
  exit: (code: number | null, signal: string | null) => void;
}

const ENTRY = fileURLToPath(new URL("../trainers/runtime/child.ts", import.meta.url));
/** All that a trainer may know of the environment; the backend's secrets are not its business. */
const ENVIRONMENT = ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "SystemRoot"];

/** One trainer in its own process. */
export class TrainerProcess {
  readonly #child: ChildProcess;

  constructor(begin: Begin, events: TrainerProcessEvents) {
    const env = Object.fromEntries(ENVIRONMENT.map((name) => [name, process.env[name]]));
    this.#child = fork(ENTRY, [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning"],
      env: { ...env, NODE_ENV: "production" },
    });
    this.#child.on("message", (raw) => {
      const message = fromTrainerSchema.safeParse(raw);
      if (!message.success) return events.line("stderr", `unreadable message: ${message.error}`);
      if (message.data.type === "progress") events.progress(message.data);
      else events.answer(message.data.id, message.data.answer);
    });
    for (const stream of ["stdout", "stderr"] as const) {
      const input = this.#child[stream];
      if (input) createInterface({ input }).on("line", (text) => events.line(stream, text));
    }
    this.#child.on("error", (error) => events.line("stderr", error.message));
    this.#child.once("close", (code, signal) => events.exit(code, signal));
    this.#send(begin);
  }

  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  command(command: TrainerCommand): void {
    this.#send({ type: "command", command });
  }

  /** Asks it to save and exit. */
  shutdown(): void {
    this.#send({ type: "shutdown" });
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #send(message: ToTrainer): void {
    // A process that has just died can't be told anything; its exit says the rest.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
