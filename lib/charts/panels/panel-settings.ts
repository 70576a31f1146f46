import { ownValue } from "@signalbox/protocol/wire/json";
import { z } from "zod";
import { type XAxis, type XRange, xAxes } from "../axes/x-axis.ts";
import type { StepRange } from "../series/merge-tail.ts";
import { type SmoothingKind, smoothingKinds } from "../series/smooth.ts";

/** How panels draw their series. A panel may override them. */
export interface PanelSettings {
  axis: XAxis;
  logX: boolean;
  logY: boolean;
  smoothing: SmoothingKind;
  /** 0 (none) to 0.99. */
  amount: number;
  /** The fraction of the values at each end that is left out as outliers; 0 shows all. */
  outliers: number;
}

export const outlierFractions = [0, 0.01, 0.05] as const;
export const maxAmount = 0.99;

/** The zoomed part of the x axis: the steps to load, and the range if another axis is shown. */
export interface ChartZoom extends StepRange {
  readonly shown?: (XRange & { readonly axis: XAxis }) | undefined;
}

const shownSchema = z.object({ axis: z.enum(xAxes), min: z.number(), max: z.number() });
const zoomSchema = z
  .object({ from: z.int().min(0), to: z.int(), shown: shownSchema.optional() })
  .refine(({ from, to }) => to > from);

const overridesSchema = z
  .object({
    axis: z.enum(xAxes),
    logX: z.boolean(),
    logY: z.boolean(),
    smoothing: z.enum(smoothingKinds),
    amount: z.number().min(0).max(maxAmount),
    outliers: z.number().min(0).max(0.25),
    /** Used if zoom is not shared. */
    zoom: zoomSchema,
  })
  .partial();

export type PanelOverrides = z.infer<typeof overridesSchema>;

/** The overrides of single panels by their key, as the URL has them. */
export const panelOverridesSchema = z.record(z.string(), overridesSchema);
export type AllOverrides = z.infer<typeof panelOverridesSchema>;

/** The zoomed range of another axis than steps, as the URL has it: `epoch:0.5:1.25`. */
export function formatShown({ axis, min, max }: NonNullable<ChartZoom["shown"]>): string {
  return [axis, min, max].join(":");
}

export function parseShown(text: string): ChartZoom["shown"] {
  const [axis, min, max] = text.split(":");
  const parsed = shownSchema.safeParse({ axis, min: Number(min), max: Number(max) });
  return parsed.success && parsed.data.max > parsed.data.min ? parsed.data : undefined;
}

/** All overrides after a change to one panel's; `undefined` removes one. */
export function changeOverrides(
  all: AllOverrides,
  name: string,
  change: { [K in keyof PanelOverrides]: PanelOverrides[K] | undefined },
): AllOverrides {
  const { [name]: _, ...others } = all;
  const before = ownValue(all, name);
  const own = Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined),
  );
  return Object.keys(own).length > 0 ? { ...others, [name]: own } : others;
}
