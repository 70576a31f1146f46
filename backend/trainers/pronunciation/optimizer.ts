import { jit, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { Floats } from "../toolkit/numbers.ts";
import type { ModelShape } from "./config-fields.ts";
import { type Parameters, toParameters, weight, weightSpecs } from "./model.ts";

const BETA1 = 0.9;
const BETA2 = 0.99;

/** Weights with the moments of their gradients, all of the same shape. */
export interface OptimizerState {
  parameters: Parameters;
  mean: Parameters;
  variance: Parameters;
  /** Number of updates; corrects the bias of the moments. */
  updates: number;
}

export interface AdamWSettings {
  weightDecay: number;
  maxGradientNorm: number;
}

/**
 * Loss of one batch: consumes weights and batch, returns the scalar to minimise and a float32 vector of
 * auxiliary metrics.
 */
export type LossFunction = (parameters: Parameters, batch: np.Array[]) => [np.Array, np.Array];

export interface UpdateResult {
  loss: number;
  /** Global norm of the gradient before clipping. */
  gradientNorm: number;
  metrics: Floats;
}

/** State before the first update, with zero moments. */
export function freshOptimizer(shape: ModelShape, weights: readonly Floats[]): OptimizerState {
  const zeros = weights.map((w) => new Float32Array(w.length));
  return {
    parameters: toParameters(shape, weights),
    mean: toParameters(shape, zeros),
    variance: toParameters(shape, zeros),
    updates: 0,
  };
}

/**
 * Compiles one training step: gradient, clipping by its global norm, AdamW (Loshchilov & Hutter 2019).
 * The step consumes the batch and replaces the arrays in `state`.
 */
export function compileUpdate(shape: ModelShape, settings: AdamWSettings, loss: LossFunction) {
  const specs = weightSpecs(shape);
  const differentiate = valueAndGrad(loss, { hasAux: true });

  const step = jit(
    (
      parameters: Parameters,
      mean: Parameters,
      variance: Parameters,
      batch: np.Array[],
      scalars: np.Array,
    ) => {
      const held: Parameters = {};
      for (const { name } of specs) held[name] = weight(parameters, name).ref;
      const [[value, metrics], gradients] = differentiate(held, batch);

      const squares = specs.map(({ name }) => np.square(weight(gradients, name).ref).sum());
      const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
      const clip = np.minimum(1, np.reciprocal(norm.ref.add(1e-6)).mul(settings.maxGradientNorm));
      const rate = scalars.ref.slice(0);
      const meanScale = scalars.ref.slice(1);
      const varianceScale = scalars.slice(2);

      const next: { parameters: Parameters; mean: Parameters; variance: Parameters } = {
        parameters: {},
        mean: {},
        variance: {},
      };
      for (const { name, decays } of specs) {
        const gradient = weight(gradients, name).mul(clip.ref);
        const m = weight(mean, name)
          .mul(BETA1)
          .add(gradient.ref.mul(1 - BETA1));
        const v = weight(variance, name)
          .mul(BETA2)
          .add(np.square(gradient).mul(1 - BETA2));
        const direction = m.ref
          .mul(meanScale.ref)
          .div(np.sqrt(v.ref.mul(varianceScale.ref)).add(1e-8));
        const old = weight(parameters, name);
        const decayed = decays ? direction.add(old.ref.mul(settings.weightDecay)) : direction;
        next.parameters[name] = old.sub(decayed.mul(rate.ref));
        next.mean[name] = m;
        next.variance[name] = v;
      }
      for (const used of [clip, rate, meanScale, varianceScale]) used.dispose();
      return [next.parameters, next.mean, next.variance, value, norm, metrics] as const;
    },
  );

  return (state: OptimizerState, batch: np.Array[], learningRate: number): UpdateResult => {
    state.updates += 1;
    const scalars = np.array(
      new Float32Array([
        learningRate,
        1 / (1 - BETA1 ** state.updates),
        1 / (1 - BETA2 ** state.updates),
      ]),
    );
    const [parameters, mean, variance, value, norm, metrics] = step(
      state.parameters,
      state.mean,
      state.variance,
      batch,
      scalars,
    );
    Object.assign(state, { parameters, mean, variance });
    return {
      loss: value.item(),
      gradientNorm: norm.item(),
      metrics: Float32Array.from(metrics.dataSync()),
    };
  };
}
