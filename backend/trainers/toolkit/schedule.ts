import { z } from "zod";

/** Learning-rate schedule: linear warm-up to the base, then cosine decay to a fraction of it. */
export interface ScheduleSettings {
  base: number;
  warmupSteps: number;
  totalSteps: number;
  /** Fraction of the base at the last step, 0 … 1. */
  finalRatio: number;
}

/** A learning rate set while the run was training, with the first step that used it. */
export const liveRateSchema = z.object({ value: z.number(), step: z.number() });
export type LiveRate = z.infer<typeof liveRateSchema>;

/** Range of learning rates that can be set while a run trains. */
export const LIVE_LEARNING_RATE = { min: 1e-7, max: 1 } as const;

/**
 * Learning rate of a step, counted from 1. A live value is exactly the rate of the step it was set for;
 * it ends the warm-up, and the remaining decay continues from it.
 */
export function learningRateAt(
  step: number,
  settings: ScheduleSettings,
  live: LiveRate | null = null,
): number {
  if (live) return live.value * (decay(step, settings) / decay(live.step, settings));
  const { base, warmupSteps } = settings;
  const rising = warmupSteps > 0 ? Math.min(1, step / warmupSteps) : 1;
  return base * rising * decay(step, settings);
}

/** Cosine decay (Loshchilov & Hutter 2017): 1 until the warm-up ends, `finalRatio` at the last step. */
function decay(step: number, { warmupSteps, totalSteps, finalRatio }: ScheduleSettings): number {
  const span = Math.max(1, totalSteps - warmupSteps);
  const done = Math.min(1, Math.max(0, (step - warmupSteps) / span));
  return finalRatio + ((1 - finalRatio) * (1 + Math.cos(Math.PI * done))) / 2;
}
