import { z } from "zod";
import { type LimitSetting, limits, type OwnLimit, ownLimits, settingOf } from "./limits";

const maximum = (fallback: number) =>
  z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).default(fallback);

/** The settings of all limits, for the schema of the environment. Every name has an entry. */
export const limitSettings = Object.fromEntries(
  ownLimits.map((name) => [settingOf(name), maximum(limits[name].maximum)]),
) as Record<LimitSetting<OwnLimit>, ReturnType<typeof maximum>>;
