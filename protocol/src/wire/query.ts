import { z } from "zod";

/** A parameter that may be repeated, because its values may contain commas. */
export const repeated = <T extends z.ZodType>(item: T, max: number) =>
  z
    .preprocess((value) => (typeof value === "string" ? [value] : value), z.array(item).max(max))
    .meta({ explode: true });
