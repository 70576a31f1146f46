import { z } from "zod";

const emailSchema = z.email("Enter an e-mail address.").max(320);

export const credentialsSchema = z.strictObject({
  email: emailSchema,
  password: z.string().min(1, "Enter your password.").max(1024),
});
export type Credentials = z.infer<typeof credentialsSchema>;

export const newCredentialsSchema = z.strictObject({
  email: emailSchema,
  password: z.string().min(8, "Use at least 8 characters.").max(72, "Use at most 72 characters."),
});

export const sessionReplySchema = z.object({
  user: z.object({ id: z.string(), email: z.string() }).nullable(),
  /** Whether the signed-in user is the owner made on the first start. */
  local_owner: z.boolean(),
  auto_sign_in: z.boolean(),
  sign_up: z.boolean(),
});
export type SessionReply = z.infer<typeof sessionReplySchema>;

export const signedInReplySchema = z.object({ ok: z.literal(true) });
export const signedUpReplySchema = signedInReplySchema.extend({
  /** The address must be confirmed first; nobody is signed in yet. */
  confirmation_required: z.boolean(),
});
