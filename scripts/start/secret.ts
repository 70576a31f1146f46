import { createHash, randomBytes } from "node:crypto";

/** The secret of a dashboard that has none set: it belongs to the Supabase project. */
export function derivedSecret(supabaseSecretKey: string): string {
  return createHash("sha256").update(`signalbox:${supabaseSecretKey}`).digest("hex");
}

const deriveCommand = `SUPABASE_SECRET_KEY=… node -p 'require("crypto").createHash("sha256").update("signalbox:" + process.env.SUPABASE_SECRET_KEY).digest("hex")'`;

/** Why a dashboard on somebody's own Supabase doesn't start without a secret, and what to set. */
export function missingSecretMessage(): string {
  return [
    "Set SIGNALBOX_SECRET: with your own Supabase it keys the hashes of API keys and job tokens, so that they",
    "survive when you rotate the Supabase key. For a new dashboard, copy this line into .env:",
    "",
    `  SIGNALBOX_SECRET=${randomBytes(32).toString("base64url")}`,
    "",
    "If this dashboard ran without it before, keep its API keys valid with the value that this prints for the",
    "secret key it was used with:",
    "",
    `  ${deriveCommand}`,
  ].join("\n");
}
