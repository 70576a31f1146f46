import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { generateApiKey } from "@supabase/lite";
import { z } from "zod";
import { StartError } from "./start-error.ts";

const secretsSchema = z.object({
  publishableKey: z.string().startsWith("sb_publishable_"),
  secretKey: z.string().startsWith("sb_secret_"),
  jwtSecret: z.string().min(32),
});

/** The API keys, and the secret that signs the users' access tokens. */
export type Secrets = z.infer<typeof secretsSchema>;

/** Creates random secrets. */
export async function createSecrets(): Promise<Secrets> {
  const [publishable, secret] = await Promise.all([
    generateApiKey("publishable"),
    generateApiKey("secret"),
  ]);
  return {
    publishableKey: publishable.key,
    secretKey: secret.key,
    jwtSecret: randomBytes(32).toString("base64url"),
  };
}

/** Reads `supabase.json` from the data folder, or creates it on the first start. */
export async function loadSecrets(dataDir: string): Promise<Secrets> {
  const path = join(dataDir, "supabase.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new StartError(`Could not read the key file ${path}: ${error.message}.`);
  });
  if (text === undefined) {
    const secrets = await createSecrets();
    await writePrivateFile(path, `${JSON.stringify(secrets, null, 2)}\n`);
    return secrets;
  }
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch {
    throw new StartError(
      `The key file ${path} is corrupt. Restore it, or delete it to create new keys (users must then sign in again).`,
    );
  }
}

/** Makes a folder that only its owner can open, whoever created it. */
export async function ensurePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`Could not make the data folder ${path} private: ${reason}.`);
  }
}

/** Writes a file that only its owner can read, atomically and durably. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
