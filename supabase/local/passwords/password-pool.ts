import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { Gate } from "./gate.ts";

export type Task =
  | { kind: "hash"; password: string; rounds: number }
  | { kind: "compare"; password: string; hash: string };

/** More sign-ins at once than can be checked in a few seconds. */
export class TooManySignIns extends Error {}

/**
 * Hashes and compares passwords in a thread of its own, which takes a tenth of a second of pure
 * computing each. The thread starts with the first password.
 */
export class PasswordPool {
  readonly #gate = new Gate();
  readonly #maxWaiting: number;
  #worker: Worker | null = null;

  constructor(maxWaiting = 50) {
    this.#maxWaiting = maxWaiting;
  }

  /** @throws TooManySignIns */
  async run(task: Task): Promise<string | boolean> {
    if (this.#gate.load >= this.#maxWaiting) throw new TooManySignIns("Too many sign-ins at once");
    return this.#gate.run(async () => {
      const worker = this.#start();
      worker.ref();
      worker.postMessage(task);
      try {
        const [result] = await once(worker, "message");
        return result;
      } catch (error) {
        this.#worker = null;
        throw error;
      } finally {
        worker.unref();
      }
    });
  }

  #start(): Worker {
    this.#worker ??= new Worker(new URL("./password-worker.ts", import.meta.url), {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      stdin: false,
    });
    return this.#worker;
  }
}
