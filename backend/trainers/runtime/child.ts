/** Entry of a trainer's process: started by the backend, one for each attempt. */
import { setPriority } from "node:os";
import { join } from "node:path";
import { writeFileDurably } from "../../durable-file.ts";
import { Inbox } from "./inbox.ts";
import { type Begin, type FromTrainer, type Outcome, toTrainerSchema } from "./protocol.ts";
import { SpoolReporter } from "./reporter.ts";
import { runTrainer } from "./run-trainer.ts";

const inbox = new Inbox();
let begun = false;

function send(message: FromTrainer): void {
  // The backend may be gone: what matters is in the spool already.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

async function train(begin: Begin): Promise<void> {
  const reporter = new SpoolReporter(begin, send);
  let outcome: Outcome;
  try {
    outcome = await runTrainer(begin, reporter, inbox);
  } catch (error) {
    console.error(error);
    const text = error instanceof Error ? error.message : String(error);
    outcome = { outcome: "failed", held: false, checkpoint_id: null, error: text };
  }
  reporter.close();
  writeFileDurably(join(begin.folder, "outcome.json"), [JSON.stringify(outcome)]);
  process.exit(outcome.outcome === "failed" ? 1 : 0);
}

try {
  setPriority(0, 10);
} catch {
  // Not allowed everywhere; training then competes with the web server as an equal.
}
process.on("message", (raw) => {
  const message = toTrainerSchema.parse(raw);
  if (message.type !== "begin") return inbox.put(message);
  if (begun) return;
  begun = true;
  void train(message);
});
process.on("disconnect", () => {
  if (!begun) process.exit(1);
  inbox.put({ type: "disconnected" });
});
// Ctrl-C in a terminal reaches the whole group; the backend decides what becomes of its trainers.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => inbox.put({ type: "shutdown" }));
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
