import { resolve } from "node:path";
import { z } from "zod";

const settingsSchema = z
  .object({
    SIGNALBOX_BACKEND_PORT: z.coerce.number().int().min(0).max(65535).default(0),
    TRAINING_BACKEND_TOKEN: z.string().min(1, "must be set: the dashboard authenticates with it"),
    SIGNALBOX_DATA_DIR: z.string().min(1).default(".signalbox"),
    SIGNALBOX_DASHBOARD_URL: z.url({ protocol: /^https?$/ }).optional(),
    SIGNALBOX_LIMIT_TRAINERS: z.coerce.number().int().min(1).default(4),
    SIGNALBOX_MAX_TRAINERS: z.coerce.number().int().min(1).default(8),
  })
  .transform((env) => ({
    port: env.SIGNALBOX_BACKEND_PORT,
    token: env.TRAINING_BACKEND_TOKEN,
    /** The dashboard's current address; null: the address that each job was started with. */
    dashboardUrl: env.SIGNALBOX_DASHBOARD_URL ?? null,
    dataDir: resolve(env.SIGNALBOX_DATA_DIR),
    limits: {
      maximum: env.SIGNALBOX_MAX_TRAINERS,
      maximumPerUser: env.SIGNALBOX_LIMIT_TRAINERS,
    },
  }));
export type Settings = z.infer<typeof settingsSchema>;

/** Reads the environment; throws an error that names every invalid setting. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const parsed = settingsSchema.safeParse(env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`);
  throw new Error(problems.join("\n"));
}
