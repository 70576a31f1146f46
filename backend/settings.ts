import { resolve } from "node:path";
import { z } from "zod";

const settingsSchema = z
  .object({
    SIGNALBOX_BACKEND_PORT: z.coerce.number().int().min(0).max(65535).default(0),
    TRAINING_BACKEND_TOKEN: z
      .string()
      .min(1, "must be set: it is what the dashboard signs in with"),
    SIGNALBOX_DATA_DIR: z.string().min(1).default(".signalbox"),
    SIGNALBOX_DASHBOARD_URL: z.url({ protocol: /^https?$/ }).optional(),
  })
  .transform((env) => ({
    port: env.SIGNALBOX_BACKEND_PORT,
    token: env.TRAINING_BACKEND_TOKEN,
    /** Where the dashboard is now; without it, where each job was started from. */
    dashboardUrl: env.SIGNALBOX_DASHBOARD_URL ?? null,
    dataDir: resolve(env.SIGNALBOX_DATA_DIR),
  }));
export type Settings = z.infer<typeof settingsSchema>;

/** Reads the environment; throws with the name of each setting that is wrong. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const parsed = settingsSchema.safeParse(env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`);
  throw new Error(problems.join("\n"));
}
