import { appendFileSync, readFileSync, rmSync } from "node:fs";
import { z } from "zod";

const changeSchema = z.object({ step: z.int(), learning_rate: z.number() });
export type LiveChange = z.infer<typeof changeSchema>;

/**
 * Learning rates set live, each with the first step that used it. A run that restarts from an older
 * checkpoint after a crash replays them at the same steps, so that repeated steps are bit-exact.
 */
export class LiveJournal {
  readonly #path: string;
  #changes: LiveChange[];

  constructor(path: string, replay: boolean) {
    this.#path = path;
    this.#changes = replay ? readChanges(path) : [];
    if (!replay) rmSync(path, { force: true });
  }

  /** Records a change before it takes effect. */
  record(change: LiveChange): void {
    appendFileSync(this.#path, `${JSON.stringify(change)}\n`);
    // A new value overrides the recorded changes that follow.
    this.#changes = this.#changes.filter((c) => c.step < change.step);
  }

  /** The recorded rate to set before a step that is repeated; null if none. */
  replayFor(step: number): number | null {
    return this.#changes.findLast((c) => c.step === step)?.learning_rate ?? null;
  }
}

function readChanges(path: string): LiveChange[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return [changeSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}
