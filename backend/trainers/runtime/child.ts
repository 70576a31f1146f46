/** Entry point of a trainer process; the backend starts one per attempt. */
import { setPriority } from "node:os";
import { join } from "node:path";
import { writeFileDurably } from "../../durable-file.ts";
import { MessageQueue } from "./message-queue.ts";
import { type FromTrainer, type Outcome, type StartMessage, toTrainerSchema } from "./messages.ts";
import { SpoolReporter } from "./reporter.ts";
import { runTrainer } from "./run-trainer.ts";

const messages = new MessageQueue();
let started = false;

function send(message: FromTrainer): void {
  // The backend may have exited; everything durable is in the spool already.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

async function train(start: StartMessage): Promise<void> {
  const reporter = new SpoolReporter(start, send);
  let outcome: Outcome;
  try {
    outcome = await runTrainer(start, reporter, messages);
  } catch (error) {
    console.error(error);
    const text = error instanceof Error ? error.message : String(error);
    outcome = { outcome: "failed", held: false, checkpoint_id: null, error: text };
  }
  reporter.close();
  writeFileDurably(join(start.folder, "outcome.json"), [JSON.stringify(outcome)]);
  process.exit(outcome.outcome === "failed" ? 1 : 0);
}

try {
  setPriority(0, 10);
} catch {
  // Not permitted everywhere; training then runs at normal priority.
}
process.on("message", (raw) => {
  const message = toTrainerSchema.parse(raw);
  if (message.type !== "start") return messages.push(message);
  if (started) return;
  started = true;
  void train(message);
});
process.on("disconnect", () => {
  if (!started) process.exit(1);
  messages.push({ type: "disconnected" });
});
// Ctrl-C in a terminal reaches the whole process group; the backend shuts its trainers down.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => messages.push({ type: "shutdown" }));
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
