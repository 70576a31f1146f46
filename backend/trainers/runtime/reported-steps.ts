import { appendFileSync } from "node:fs";
import { z } from "zod";
import { readJsonLines } from "./json-lines.ts";

const lineSchema = z.object({ attempt: z.int(), type: z.string(), step: z.int() });

/**
 * The last step that each type of event was reported for. An attempt that continues from a checkpoint
 * after a crash repeats steps; their events are not reported again.
 */
export class ReportedSteps {
  readonly #path: string;
  readonly #attempt: number;
  readonly #last = new Map<string, number>();

  constructor(path: string, attempt: number) {
    this.#path = path;
    this.#attempt = attempt;
    for (const line of readJsonLines(path, lineSchema)) {
      if (line.attempt === attempt) this.#last.set(line.type, line.step);
    }
  }

  /** Whether a step is new for this type. */
  isNew(type: string, step: number): boolean {
    return step > (this.#last.get(type) ?? -1);
  }

  /** Records that a step was reported. */
  add(type: string, step: number): void {
    this.#last.set(type, step);
    appendFileSync(this.#path, `${JSON.stringify({ attempt: this.#attempt, type, step })}\n`);
  }
}
