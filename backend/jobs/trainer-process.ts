import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type Answer,
  fromTrainerSchema,
  type Progress,
  type StartMessage,
  type ToTrainer,
  type TrainerCommand,
} from "../trainers/runtime/messages.ts";

export interface TrainerProcessEvents {
  progress: (progress: Progress) => void;
  answer: (commandId: string, answer: Answer) => void;
  /** A line that the process printed: warnings, or the stack trace of a crash. */
  line: (stream: "stdout" | "stderr", text: string) => void;
  /** The process has exited and all its output has been read. */
  exit: (code: number | null, signal: string | null) => void;
}

const ENTRY = fileURLToPath(new URL("../trainers/runtime/child.ts", import.meta.url));
/** Environment variables that a trainer inherits; the backend's secrets are not among them. */
const ENVIRONMENT = ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "SystemRoot"];

/** One trainer in its own process. */
export class TrainerProcess {
  readonly #child: ChildProcess;

  constructor(start: StartMessage, events: TrainerProcessEvents) {
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
    this.#send(start);
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
    // A process that has just exited can't receive messages; its exit handler takes over.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}
