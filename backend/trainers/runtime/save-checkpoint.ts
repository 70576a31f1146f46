import type { StoredCheckpoint } from "./checkpoint-store.ts";
import type { LoopContext } from "./loop-context.ts";

export type SavedCheckpoint =
  | { checkpoint: StoredCheckpoint; error: null }
  | { checkpoint: null; error: string };

/** Saves and verifies a checkpoint, and reports how that went. */
export function saveCheckpoint(context: LoopContext): SavedCheckpoint {
  const { reporter, store, configured, trainer } = context;
  const { step, epoch } = trainer;
  const final = step >= trainer.totalSteps;
  try {
    const header = { ...configured.reference, step, epoch, final };
    const checkpoint = store.save(header, trainer.snapshot());
    const data = { checkpoint_id: checkpoint.id, step };
    reporter.event("checkpoint_saved", "info", `Saved ${checkpoint.id}`, data);
    return { checkpoint, error: null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reporter.event("checkpoint_failed", "error", `A checkpoint could not be saved: ${reason}`);
    return { checkpoint: null, error: reason };
  }
}
