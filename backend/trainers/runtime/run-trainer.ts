import { join } from "node:path";
import { init } from "@jax-js/jax";
import { createTrainer } from "../create-trainer.ts";
import { weightSpecs } from "../pronunciation/model.ts";
import { weightsFrom } from "../pronunciation/optimizer-snapshot.ts";
import { loadWords } from "../pronunciation/words.ts";
import type { Floats } from "../toolkit/numbers.ts";
import { CheckpointStore } from "./checkpoint-store.ts";
import { LiveJournal } from "./live-journal.ts";
import type { MessageQueue } from "./message-queue.ts";
import type { Outcome, StartMessage } from "./messages.ts";
import type { Reporter } from "./reporter.ts";
import { trainLoop } from "./train-loop.ts";

/** Creates the trainer, restores its checkpoint if it resumes, and trains. */
export async function runTrainer(
  start: StartMessage,
  reporter: Reporter,
  messages: MessageQueue,
): Promise<Outcome> {
  reporter.status({ phase: "loading" });
  await init("wasm");
  const words = loadWords();
  const store = new CheckpointStore(join(start.folder, "checkpoints"));
  const trainer = createTrainer(start.trainer, words, startWeights(start));
  const { resume } = start;
  if (resume) {
    trainer.restore(store.load(resume.checkpoint_id).snapshot);
    reporter.log(
      `attempt ${start.attempt}: resuming from ${resume.checkpoint_id} at step ${trainer.step}`,
    );
  } else {
    for (const line of introduction(start, words.train.length)) reporter.log(line);
  }
  reporter.status({ total_steps: trainer.totalSteps, total_epochs: trainer.totalEpochs });
  return trainLoop({
    trainer,
    config: start.trainer,
    store,
    reporter,
    messages,
    journal: new LiveJournal(
      join(start.folder, "live-changes.jsonl"),
      resume?.replay_live ?? false,
    ),
    fresh: resume === null,
    resumeCommand: start.resume_command,
    now: () => performance.now(),
    usage: () => {
      const { user, system } = process.cpuUsage();
      return { cpu_ms: (user + system) / 1000, rss_bytes: process.memoryUsage.rss() };
    },
  });
}

function startWeights({ start_from, trainer }: StartMessage): Floats[] | null {
  if (!start_from) return null;
  const { snapshot } = new CheckpointStore(start_from.checkpoints).load(start_from.checkpoint_id);
  return weightsFrom(trainer.config, "parameters", snapshot.tensors);
}

function introduction({ trainer, start_from }: StartMessage, trainWords: number): string[] {
  const { width, layers, heads } = trainer.config;
  const size = weightSpecs(trainer.config)
    .map(({ shape }) => shape.reduce((a, b) => a * b, 1))
    .reduce((a, b) => a + b, 0);
  const how = trainer.kind === "sft" ? "supervised" : "policy gradient";
  return [
    `spelling → pronunciation, ${how}: ${trainWords.toLocaleString("en")} training words`,
    `transformer of ${layers} × ${width}, ${heads} heads, ${size.toLocaleString("en")} weights`,
    ...(start_from ? [`starting from ${start_from.checkpoint_id}`] : []),
  ];
}
