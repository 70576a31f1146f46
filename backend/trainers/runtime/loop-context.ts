import type { ConfiguredTrainer } from "../define-trainer.ts";
import type { Trainer } from "../trainer.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { LiveJournal } from "./live-journal.ts";
import type { Reporter } from "./reporter.ts";

/** What the train loop and the commands of one attempt work with. */
export interface LoopContext {
  trainer: Trainer;
  configured: ConfiguredTrainer;
  store: CheckpointStore;
  reporter: Reporter;
  journal: LiveJournal;
}
