import { join } from "node:path";
import { trainers } from "../registry.ts";
import { CheckpointStore } from "./checkpoint-store.ts";
import { LiveJournal } from "./live-journal.ts";
import type { MessageQueue } from "./message-queue.ts";
import type { Outcome, StartMessage } from "./messages.ts";
import type { Reporter } from "./reporter.ts";
import { trainLoop } from "./train-loop.ts";
import { TrainingEvents } from "./training-events.ts";

/** Creates the trainer, restores its checkpoint if it resumes, and trains. */
export async function runTrainer(
  start: StartMessage,
  reporter: Reporter,
  messages: MessageQueue,
): Promise<Outcome> {
  reporter.status({ phase: "loading" });
  const { resume, start_from } = start;
  const store = new CheckpointStore(join(start.folder, "checkpoints"));
  const configured = trainers.configure(start.trainer);
  const source = start_from && new CheckpointStore(start_from.checkpoints);
  const trainer = await configured.create(
    source ? source.load(start_from.checkpoint_id).snapshot : null,
  );
  if (resume) {
    trainer.restore(store.load(resume.checkpoint_id).snapshot);
    reporter.log(
      `attempt ${start.attempt}: resuming from ${resume.checkpoint_id} at step ${trainer.step}`,
    );
  } else {
    for (const line of await configured.introduction()) reporter.log(line);
    if (start_from) reporter.log(`starting from ${start_from.checkpoint_id}`);
  }
  reporter.status({ total_steps: trainer.totalSteps, total_epochs: trainer.totalEpochs });
  const now = () => performance.now();
  return trainLoop({
    trainer,
    configured,
    store,
    reporter,
    messages,
    journal: new LiveJournal(
      join(start.folder, "live-changes.jsonl"),
      resume?.replay_live ?? false,
    ),
    fresh: resume === null,
    resumeCommand: start.resume_command,
    events: new TrainingEvents({
      kind: configured.definition.kind,
      trainer,
      reporter,
      folder: start.folder,
      attempt: start.attempt,
      now,
    }),
    now,
    usage: () => {
      const { user, system } = process.cpuUsage();
      return { cpu_ms: (user + system) / 1000, rss_bytes: process.memoryUsage.rss() };
    },
  });
}
