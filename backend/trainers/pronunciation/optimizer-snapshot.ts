import { tree } from "@jax-js/jax";
import type { Snapshot } from "../trainer.ts";
import type { ModelShape } from "./config-fields.ts";
import { fromParameters, toParameters, weightSpecs } from "./model.ts";
import type { OptimizerState } from "./optimizer.ts";

const PARTS = ["parameters", "mean", "variance"] as const;

/** Tensors of an optimizer, named `<part>/<weight>`. */
export function optimizerTensors(shape: ModelShape, state: OptimizerState): Snapshot["tensors"] {
  return PARTS.flatMap((part) => weightTensors(shape, part, fromParameters(shape, state[part])));
}

/** Names one set of weights for a snapshot. */
export function weightTensors(
  shape: ModelShape,
  part: string,
  weights: ReturnType<typeof fromParameters>,
): Snapshot["tensors"] {
  return weightSpecs(shape).map(({ name }, i) => {
    const data = weights[i];
    if (!data) throw new Error(`no data for weight ${name}`);
    return { name: `${part}/${name}`, data };
  });
}

/** Extracts one set of weights from a snapshot, in the model's order. */
export function weightsFrom(shape: ModelShape, part: string, tensors: Snapshot["tensors"]) {
  const byName = new Map(tensors.map((t) => [t.name, t.data]));
  return weightSpecs(shape).map(({ name }) => {
    const data = byName.get(`${part}/${name}`);
    if (!data) throw new Error(`the checkpoint has no ${part}/${name}`);
    return data;
  });
}

/** Rebuilds an optimizer and disposes the one it replaces. */
export function restoreOptimizer(
  shape: ModelShape,
  replaced: OptimizerState,
  tensors: Snapshot["tensors"],
  updates: number,
): OptimizerState {
  const part = (name: (typeof PARTS)[number]) => {
    const fresh = toParameters(shape, weightsFrom(shape, name, tensors));
    tree.dispose(replaced[name]);
    return fresh;
  };
  return {
    parameters: part("parameters"),
    mean: part("mean"),
    variance: part("variance"),
    updates,
  };
}
