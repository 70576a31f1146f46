import { z } from "zod";
import { isJsonObject, type JsonObject } from "./json.ts";
import { fieldTooLarge } from "./rows.ts";
import { nonFiniteWords, type WireNumber } from "./wire-number.ts";

/** A job id: 1–128 of `[A-Za-z0-9._:-]`. */
export const jobIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,128}$/, "must be 1–128 characters of A–Z a–z 0–9 . _ : -")
  .describe("The run's id.");

/** An id chosen by the client, so that a repeated request can be recognised. */
export const clientKeySchema = z.string().min(1).max(128);

export const nameSchema = z.string().min(1).max(256);

export const textFieldMax = 256 * 1024;
/** A text of at most 256 KiB in UTF-8. */
export const textFieldSchema = z
  .string()
  .refine(fitsTextField, "is longer than 256 KiB")
  .describe("At most 256 KiB in UTF-8.");

function fitsTextField(text: string): boolean {
  // A UTF-16 unit takes at most three bytes: most texts need not be encoded.
  return text.length * 3 <= textFieldMax || new TextEncoder().encode(text).length <= textFieldMax;
}

/** ISO 8601 in UTC, as every reply carries it. */
export const isoTimeSchema = z.string().meta({ format: "date-time" });

/** A number as it travels in JSON: see `wire-number.ts`. */
export const wireNumberSchema: z.ZodType<WireNumber, WireNumber> = z.union([
  z.number(),
  z.enum(nonFiniteWords),
]);

/** A step: an integer from 0 to 2^53 − 1, the largest that JSON readers carry exactly. */
export const stepSchema = z
  .number()
  .int("must be a whole number up to 9007199254740991")
  .min(0, "must not be negative");

/** An epoch as the trainer counts it; fractions are kept. */
export const epochSchema = z.number().min(0);

/** A moment as trainers send it: ISO 8601, or milliseconds (or seconds) since 1970. */
export const timestampInputSchema = z
  .union([
    // The pattern of all dates there are is no help to a reader.
    z.iso.datetime({ offset: true, local: true }).meta({ pattern: undefined }),
    z.number().min(0).max(8_640_000_000_000_000),
  ])
  .describe("ISO 8601, or milliseconds (or seconds) since 1970.");

/** Milliseconds since 1970 of a trainer's timestamp; numbers below 10^11 are taken as seconds. */
export function timestampToMs(value: z.infer<typeof timestampInputSchema>): number {
  if (typeof value === "number") return value < 100_000_000_000 ? value * 1000 : value;
  return Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
}

/** A JSON object of at most 256 KiB, unchanged; a larger one is answered with 413. */
export const jsonFieldSchema = z
  .custom<JsonObject>(isJsonObject, "must be an object")
  .refine((value) => fitsTextField(JSON.stringify(value)), {
    error: "is longer than 256 KiB as JSON",
    params: { reason: fieldTooLarge },
  })
  .meta({ type: "object", additionalProperties: true })
  .describe("At most 256 KiB as JSON.");

/** Any JSON object, unchanged: a record schema would drop the key `__proto__`. */
export const jsonObjectSchema = z
  .custom<JsonObject>(isJsonObject, "must be an object")
  .meta({ type: "object", additionalProperties: true });
