import { appendFileSync, rmSync } from "node:fs";
import { z } from "zod";
import { readJsonLines } from "./json-lines.ts";

type Values = Record<string, number>;

/** A line of the journal: the values of live parameters by name, and the first step that used them. */
const changeSchema = z.object({ step: z.int() }).catchall(z.number());
type Change = z.infer<typeof changeSchema>;

/**
 * Values set live, each with the first step that used it. A run that restarts from an older checkpoint
 * after a crash replays them at the same steps, so that repeated steps are bit-exact.
 */
export class LiveJournal {
  readonly #path: string;
  #changes: Change[];

  constructor(path: string, replay: boolean) {
    this.#path = path;
    this.#changes = replay ? readJsonLines(path, changeSchema) : [];
    if (!replay) rmSync(path, { force: true });
  }

  /** Records a change before it takes effect. */
  record(step: number, values: Values): void {
    appendFileSync(this.#path, `${JSON.stringify({ step, ...values })}\n`);
    // A new value overrides the recorded changes of its parameter that follow.
    this.#changes = this.#changes.map((change) =>
      change.step < step ? change : { ...without(change, values), step: change.step },
    );
  }

  /** The recorded values to set before a step that is repeated. */
  replayFor(step: number): Values {
    const values: Values = {};
    for (const { step: from, ...change } of this.#changes) {
      if (from === step) Object.assign(values, change);
    }
    return values;
  }
}

function without(change: Values, names: Values): Values {
  return Object.fromEntries(Object.entries(change).filter(([name]) => !Object.hasOwn(names, name)));
}
