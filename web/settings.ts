import { z } from "zod";

const settingsSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  SIGNALBOX_URL: z.url().default("http://127.0.0.1:3000"),
  /** Further names in `Host` headers, comma-separated; `*` allows any. */
  SIGNALBOX_ALLOWED_HOSTS: z.string().default(""),
  /** How many proxies in front append the client's address to `X-Forwarded-For`. */
  SIGNALBOX_TRUSTED_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
});
export type WebSettings = z.infer<typeof settingsSchema>;

/** Reads the settings of the web server. Throws an error that names an invalid one. */
export function readWebSettings(environment: NodeJS.ProcessEnv): WebSettings {
  const parsed = settingsSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`Invalid setting ${issue?.path.join(".")}: ${issue?.message}`);
}
