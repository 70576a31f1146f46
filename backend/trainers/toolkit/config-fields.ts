import { z } from "zod";

/** Fields that the train loop reads from every trainer's configuration. */
export type LoopConfig = {
  log_every: number;
  min_step_ms: number;
};

export type ConfigFields = ReturnType<typeof configFields>;

/** Builders of configuration fields, numbered in the order in which a form shows them. */
export function configFields() {
  let order = 0;
  const annotate = (group: string, title: string, description: string) => {
    order += 1;
    return { title, description, "x-group": group, "x-order": order };
  };
  return {
    integer: (
      group: string,
      title: string,
      initial: number,
      [min, max]: [number, number],
      description: string,
    ) =>
      z
        .int()
        .min(min)
        .max(max)
        .default(initial)
        .meta(annotate(group, title, description)),
    number: (
      group: string,
      title: string,
      initial: number,
      [min, max]: [number, number],
      description: string,
    ) =>
      z
        .number()
        .min(min)
        .max(max)
        .default(initial)
        .meta(annotate(group, title, description)),
    annotate,
  };
}

/** The fields of `LoopConfig`. */
export function loopFields({ integer }: ConfigFields) {
  return {
    log_every: integer("Run", "Log every", 10, [1, 10000], "Steps between two lines in the log."),
    min_step_ms: integer(
      "Run",
      "Minimum step time (ms)",
      0,
      [0, 60000],
      "Slows training down so that a step takes at least this long; 0 runs at full speed.",
    ),
  };
}
