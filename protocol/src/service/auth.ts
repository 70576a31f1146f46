import { z } from "zod";
import { isoTimeSchema } from "../wire/primitives.ts";

const emailSchema = z.email("Enter an e-mail address.").max(320);

export const credentialsSchema = z.strictObject({
  email: emailSchema,
  password: z.string().min(1, "Enter your password.").max(1024),
});
export type Credentials = z.infer<typeof credentialsSchema>;

const newPasswordSchema = z
  .string()
  .min(8, "Use at least 8 characters.")
  .max(72, "Use at most 72 characters.");

export const newCredentialsSchema = z.strictObject({
  email: emailSchema,
  password: newPasswordSchema,
});

export const passwordResetBodySchema = z.strictObject({ email: emailSchema });

const emailCodeSchema = z
  .string()
  .min(1)
  .max(512)
  .describe("The `code` in the address that the link in the e-mail led to.");

export const confirmationBodySchema = z.strictObject({ code: emailCodeSchema });
export const newPasswordBodySchema = z.strictObject({
  code: emailCodeSchema,
  password: newPasswordSchema,
});

export const sessionReplySchema = z.object({
  user: z.object({ id: z.string(), email: z.string() }).nullable(),
  /** Whether the signed-in user is the owner made on the first start. */
  local_owner: z.boolean(),
  /** Whether the signed-in user may see the state of the whole service. */
  administrator: z.boolean(),
  /** Whether this browser may continue as the local owner without a password. */
  auto_sign_in: z.boolean(),
  /** Whether there is a local owner, for whom one-time links can be made. */
  sign_in_link: z.boolean(),
  sign_up: z.boolean(),
  /** Whether a forgotten password can be reset by e-mail. */
  password_reset: z.boolean(),
});
export type SessionReply = z.infer<typeof sessionReplySchema>;

export const createSignInLinkBodySchema = z.strictObject({
  expires_in_s: z
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(600)
    .describe("Seconds for which the link is valid."),
});

export const signInLinkReplySchema = z.object({ url: z.string(), expires_at: isoTimeSchema });
export type SignInLinkReply = z.infer<typeof signInLinkReplySchema>;

export const useSignInLinkBodySchema = z.strictObject({
  token: z.string().regex(/^[0-9A-Za-z]{40}$/, "is not the token of a sign-in link"),
});

export const signedInReplySchema = z.object({ ok: z.literal(true) });
export const signedUpReplySchema = signedInReplySchema.extend({
  /** The address must be confirmed first; nobody is signed in yet. */
  confirmation_required: z.boolean(),
});
