import { z } from "zod";
import { isJsonObject } from "../wire/json.ts";
import {
  clientKeySchema,
  isoTimeSchema,
  jsonFieldSchema,
  jsonObjectSchema,
  stepSchema,
  textFieldSchema,
} from "../wire/primitives.ts";
import { commandStatuses, commandTypes } from "./command-status.ts";

export { type CommandStatus, type CommandType, commandTypes } from "./command-status.ts";
export const commandTypeSchema = z.enum(commandTypes);
const commandStatusSchema = z.enum(commandStatuses);

export const commandSchema = z.object({
  id: z.string(),
  type: commandTypeSchema,
  args: jsonObjectSchema,
  status: commandStatusSchema,
  requested_by: z.string().nullable(),
  requested_at: isoTimeSchema,
  delivered_at: isoTimeSchema.nullable(),
  applied_at: isoTimeSchema.nullable(),
  applied_step: z.number().nullable(),
  old: jsonObjectSchema.nullable(),
  new: jsonObjectSchema.nullable(),
  reason: z.string().nullable(),
  result: jsonObjectSchema.nullable(),
});
export type Command = z.infer<typeof commandSchema>;

export const pauseModes = ["hold", "release"] as const;
export type PauseMode = (typeof pauseModes)[number];

const reasonSchema = z.string().max(1024).optional();
const commandIdSchema = clientKeySchema
  .optional()
  .describe("Your own id for the command: sending it again returns the same reply.");
/** Clients of other dashboards send it; a checkpoint here has an id. */
const checkpointPathSchema = z
  .string()
  .optional()
  .describe("Ignored: name a checkpoint by checkpoint_id.");

/** A body whose null fields count as absent, whatever their names. */
function withoutNulls<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (body) =>
      isJsonObject(body)
        ? Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null))
        : body,
    schema,
  );
}

/** `hold` keeps the process and its memory; `release` saves, verifies and exits. */
const controlSchema = z.strictObject({
  action: z.enum(["pause", "resume", "stop", "cancel", "checkpoint"]),
  mode: z
    .enum(pauseModes)
    .optional()
    .describe(
      "For pause alone: hold, the default, keeps the process and its memory; release saves and verifies a checkpoint, then exits.",
    ),
  reason: reasonSchema,
  command_id: commandIdSchema,
  checkpoint_id: z
    .string()
    .max(128)
    .optional()
    .describe("For resume alone: the checkpoint to continue from."),
  checkpoint_path: checkpointPathSchema,
});
export const controlBodySchema = withoutNulls(controlSchema);
export type ControlBody = z.infer<typeof controlSchema>;

export const resumeBodySchema = withoutNulls(controlSchema.omit({ action: true, mode: true }));

export const updateParamsBodySchema = withoutNulls(
  z
    .object({
      command_id: commandIdSchema,
      reason: reasonSchema,
      checkpoint_path: checkpointPathSchema,
    })
    .catchall(z.union([z.number(), z.string().max(256), z.boolean()])),
);

export const commandReplySchema = z.object({
  success: z.literal(true),
  action: z.string(),
  job_id: z.string(),
  command: commandSchema,
});
export type CommandReply = z.infer<typeof commandReplySchema>;

export const commandListSchema = z.object({
  commands: z.array(commandSchema),
  total: z.number(),
});

export const nextCommandReplySchema = z.object({ command: commandSchema.nullable() });

/** The trainer's acknowledgement: what it did with a command, and from which step on. */
export const ackBodySchema = z.object({
  status: z.enum(["applied", "rejected"]),
  applied_step: stepSchema.nullish(),
  old: jsonFieldSchema.nullish(),
  new: jsonFieldSchema.nullish(),
  reason: textFieldSchema.nullish(),
  result: jsonFieldSchema.nullish(),
});

export const ackReplySchema = z.object({ success: z.literal(true), command: commandSchema });
