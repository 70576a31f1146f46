import { z } from "zod";
import { limitSettings } from "./limits/limit-settings";
import { processSingleton } from "./process-singleton";

const seconds = (fallback: number) => z.coerce.number().min(1).default(fallback);
const attempts = (fallback: number) =>
  z.coerce.number().int().min(1).max(1_000_000).default(fallback);

const envSchema = z.object({
  SUPABASE_URL: z.url(),
  SUPABASE_PUBLISHABLE_KEY: z.string().min(1),
  SUPABASE_SECRET_KEY: z.string().min(1),
  /** The addresses of the training backends, separated by commas. */
  TRAINING_BACKEND_URL: z
    .string()
    .transform((list) => list.split(",").map((url) => url.trim()))
    .pipe(z.array(z.url()))
    .optional(),
  TRAINING_BACKEND_TOKEN: z.string().min(1).optional(),
  /** The key for hashing API keys and job tokens. */
  SIGNALBOX_SECRET: z.string().min(16),
  /** Where trainers on the backend's machine reach this dashboard. */
  SIGNALBOX_URL: z.url().default("http://127.0.0.1:3000"),
  /** The local owner's email and password; set by `npm start` with the embedded database only. */
  SIGNALBOX_OWNER_EMAIL: z.string().optional(),
  SIGNALBOX_OWNER_PASSWORD: z.string().optional(),
  SIGNALBOX_AUTO_SIGN_IN: z.enum(["0", "1"]).default("0"),
  SIGNALBOX_ALLOW_SIGN_UP: z.enum(["0", "1"]).default("1"),
  /** E-mail addresses of those who see the whole service, comma-separated; the local owner does. */
  SIGNALBOX_ADMINISTRATORS: z.string().default(""),
  /** Attempts to sign in or up within five minutes. */
  SIGNALBOX_SIGN_INS_PER_ADDRESS: attempts(30),
  SIGNALBOX_SIGN_INS_PER_ACCOUNT: attempts(10),
  /** The folder of the embedded database, whose disk is watched; set by `npm start` with that only. */
  SIGNALBOX_DATABASE_DIR: z.string().optional(),
  /** New rows are refused while less is free on that disk. */
  SIGNALBOX_MIN_FREE_MB: z.coerce.number().min(64).default(200),
  SIGNALBOX_LOST_AFTER_S: seconds(60),
  SIGNALBOX_FAIL_AFTER_S: seconds(24 * 3600),
  ...limitSettings,
});

export type Env = z.infer<typeof envSchema>;

/** The settings of this process, read once; the error names an invalid one. */
export function env(): Env {
  return processSingleton("env", () => {
    const parsed = envSchema.safeParse(process.env);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new Error(`Invalid setting ${issue?.path.join(".")}: ${issue?.message}`);
    }
    return parsed.data;
  });
}
