import { once } from "node:events";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import type { PredictionQuality } from "@/lib/quality/prediction-quality";
import type { QualityTask } from "@/lib/quality/quality-worker";
import { AppError } from "../errors";
import { processSingleton } from "../process-singleton";
import { TooManyWaiting, Turns } from "./turns";

/** Two, so that one user's long texts leave a thread for the others. */
const threads = 2;
const maxWaiting = 20;

/**
 * Scores predictions in threads of their own, which start with the first task and keep no process
 * alive.
 */
class QualityPool {
  readonly #turns = new Turns({ atOnce: threads, maxWaiting });
  readonly #idle: Worker[] = [];

  /** @throws TooManyWaiting */
  score(userId: string, task: QualityTask): Promise<PredictionQuality[]> {
    return this.#turns.take(userId, async () => {
      const worker = this.#idle.pop() ?? startWorker();
      worker.ref();
      worker.postMessage(task);
      // A thread that failed is not used again.
      const [qualities] = await once(worker, "message");
      worker.unref();
      this.#idle.push(worker);
      return qualities as PredictionQuality[];
    });
  }
}

/** Node runs the file as it is; the class is looked up, as a bundler would take the path for its own. */
function startWorker(): Worker {
  const { Worker: Thread } = process.getBuiltinModule("node:worker_threads");
  const file = join(process.cwd(), "lib", "quality", "quality-worker.ts");
  return new Thread(file, { execArgv: ["--disable-warning=ExperimentalWarning"], stdin: false });
}

/**
 * The quality of each prediction of a batch, computed beside the web server's own thread.
 * @throws AppError rate_limited where too many batches of the user wait for it
 */
export async function scoreInThread(
  userId: string,
  task: QualityTask,
): Promise<PredictionQuality[]> {
  const pool = processSingleton("quality-pool", () => new QualityPool());
  try {
    return await pool.score(userId, task);
  } catch (error) {
    if (!(error instanceof TooManyWaiting)) throw error;
    throw new AppError(
      "rate_limited",
      "Too many of your batches of long predictions are being scored. Try again in 5 s, or send their quality yourself.",
      { headers: { "Retry-After": "5" } },
    );
  }
}
