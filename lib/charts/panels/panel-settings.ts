import { z } from "zod";
import { type XAxis, type XRange, xAxes } from "../axes/x-axis.ts";
import type { StepRange } from "../series/merge-tail.ts";
import { type SmoothingKind, smoothingKinds } from "../series/smooth.ts";

/** How a panel draws its series: for all panels, and for one of them where it differs. */
export interface PanelSettings {
  axis: XAxis;
  logX: boolean;
  logY: boolean;
  smoothing: SmoothingKind;
  /** 0 (none) to 0.99. */
  amount: number;
  /** The part of the values at each end that may leave the picture; 0 shows all. */
  outliers: number;
}

export const outlierFractions = [0, 0.01, 0.05] as const;
export const maxAmount = 0.99;

/** The zoomed part of the x axis: the steps to read, and what of another axis to show. */
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
    /** Where zoom is not shared. */
    zoom: zoomSchema,
  })
  .partial();

export type PanelOverrides = z.infer<typeof overridesSchema>;

/** What single panels have set, by series name, as it stands in the address. */
export const panelOverridesSchema = z.record(z.string(), overridesSchema);
export type AllOverrides = z.infer<typeof panelOverridesSchema>;

/** The zoom as the address carries it beside its steps: `epoch:0.5:1.25`. */
export function formatShown({ axis, min, max }: NonNullable<ChartZoom["shown"]>): string {
  return [axis, min, max].join(":");
}

export function parseShown(text: string): ChartZoom["shown"] {
  const [axis, min, max] = text.split(":");
  const parsed = shownSchema.safeParse({ axis, min: Number(min), max: Number(max) });
  return parsed.success && parsed.data.max > parsed.data.min ? parsed.data : undefined;
}

/** All overrides after one panel has changed some of its own; `undefined` takes one back. */
export function changeOverrides(
  all: AllOverrides,
  name: string,
  change: { [K in keyof PanelOverrides]: PanelOverrides[K] | undefined },
): AllOverrides {
  const { [name]: before = {}, ...others } = all;
  const own = Object.fromEntries(
    Object.entries({ ...before, ...change }).filter(([, value]) => value !== undefined),
  );
  return Object.keys(own).length > 0 ? { ...others, [name]: own } : others;
}
