import { z } from "zod";
import { missingSecretMessage } from "./secret.ts";

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback);
const optionalUrl = z.url().optional();

const settingsSchema = z.object({
  PORT: port(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  SIGNALBOX_URL: z.url().optional(),
  SIGNALBOX_DATA_DIR: z.string().min(1).default(".signalbox"),
  SIGNALBOX_BUILD_DIR: z.string().min(1).default(".next"),
  SIGNALBOX_SUPABASE_PORT: port(0),
  SIGNALBOX_BACKEND_PORT: port(0),
  SIGNALBOX_AUTO_SIGN_IN: z.enum(["0", "1"]).optional(),
  SIGNALBOX_ALLOW_SIGN_UP: z.enum(["0", "1"]).optional(),
  SIGNALBOX_SECRET: z.string().min(16, "use at least 16 characters").optional(),
  SIGNALBOX_MIN_FREE_MB: z.coerce.number().min(64).optional(),
  SIGNALBOX_HUNG_AFTER_S: z.coerce.number().min(3).max(86_400).default(120),
  SUPABASE_URL: optionalUrl,
  SUPABASE_PUBLISHABLE_KEY: z.string().optional(),
  SUPABASE_SECRET_KEY: z.string().optional(),
  TRAINING_BACKEND_URL: z
    .string()
    .refine(
      (list) => list.split(",").every((url) => z.url().safeParse(url.trim()).success),
      "not a URL, nor several separated by commas",
    )
    .optional(),
  TRAINING_BACKEND_TOKEN: z.string().optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Reads the settings from the environment. Throws an error that names an invalid one. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = settingsSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`Invalid setting ${issue?.path.join(".")}: ${issue?.message}.`);
  }
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY } = parsed.data;
  const supabase = [SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY];
  if (supabase.some(Boolean) && !supabase.every(Boolean)) {
    throw new Error(
      "Set SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY and SUPABASE_SECRET_KEY together, or none of them.",
    );
  }
  if (SUPABASE_URL && !parsed.data.SIGNALBOX_SECRET) throw new Error(missingSecretMessage());
  if (Boolean(parsed.data.TRAINING_BACKEND_URL) !== Boolean(parsed.data.TRAINING_BACKEND_TOKEN)) {
    throw new Error("Set TRAINING_BACKEND_URL and TRAINING_BACKEND_TOKEN together, or neither.");
  }
  return parsed.data;
}

export function isLoopback(host: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/.test(host);
}
