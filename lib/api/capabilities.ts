import { z } from "zod";
import { jobKindSchema, liveParamSchema } from "../contracts/job.ts";
import { apiFetch } from "./client.ts";

/** The part of JSON Schema that a form is made from; anything else in it is ignored. */
export const configPropertySchema = z
  .object({
    type: z
      .enum(["number", "integer", "string", "boolean", "array", "object"])
      .optional()
      .catch(undefined),
    title: z.string().optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.number().optional(),
    exclusiveMaximum: z.number().optional(),
    multipleOf: z.number().optional(),
    maxLength: z.number().optional(),
    pattern: z.string().optional(),
    enum: z.array(z.union([z.string(), z.number()])).optional(),
    "x-group": z.string().optional(),
    "x-order": z.number().optional(),
    "x-unit": z.string().optional(),
    /** `run`: the id of a run, offered from those there are. */
    "x-widget": z.string().optional(),
  })
  .loose();
export type ConfigProperty = z.infer<typeof configPropertySchema>;

export const configSchemaSchema = z
  .object({
    properties: z.record(z.string(), configPropertySchema).default({}),
    required: z.array(z.string()).default([]),
  })
  .loose();
export type ConfigSchema = z.infer<typeof configSchemaSchema>;

export const trainerSchema = z
  .object({
    kind: jobKindSchema,
    name: z.string(),
    description: z.string().nullish(),
    config_schema: configSchemaSchema,
    live_params: z.record(z.string(), liveParamSchema).default({}),
    pause: z.array(z.string()).default([]),
  })
  .loose();
export type Trainer = z.infer<typeof trainerSchema>;

export const capabilitiesSchema = z.object({ trainers: z.array(trainerSchema) }).loose();
export type Capabilities = z.infer<typeof capabilitiesSchema>;

/** `GET /api/training/capabilities`: what the training backend can train, and how. */
export function getCapabilities(signal?: AbortSignal): Promise<Capabilities> {
  return apiFetch("/api/training/capabilities", { schema: capabilitiesSchema, signal });
}
