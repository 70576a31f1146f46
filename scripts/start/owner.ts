import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writePrivateJson } from "./private-file.ts";

const ownerSchema = z.object({ email: z.string(), password: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

/**
 * The local owner of an embedded dashboard, created on the first start. The random password is kept
 * in `owner.json`, which only this operating-system user can read.
 */
export async function ensureOwner(
  dataDir: string,
  supabase: { url: string; publishableKey: string },
): Promise<Owner> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, "owner.json");
  if (existsSync(path)) {
    return ownerSchema.parse(JSON.parse(await readFile(path, "utf8")));
  }
  const owner = { email: "owner@signalbox.local", password: randomBytes(24).toString("base64url") };
  await authRequest(supabase, "signup", owner);
  await writePrivateJson(path, owner);
  return owner;
}

const tokenSchema = z.object({ access_token: z.string() });

async function authRequest(
  supabase: { url: string; publishableKey: string },
  path: string,
  body: unknown,
): Promise<string> {
  const response = await fetch(`${supabase.url}/auth/v1/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: supabase.publishableKey },
    body: JSON.stringify(body),
  });
  const parsed = tokenSchema.safeParse(await response.json().catch(() => null));
  if (!response.ok || !parsed.success) {
    throw new Error(`Could not create the local owner (${path}: ${response.status}).`);
  }
  return parsed.data.access_token;
}

const credentialsSchema = z.object({ url: z.string(), api_key: z.string() });

/**
 * Ensures that `credentials.json` has this dashboard's URL and a valid API key for programs on this
 * machine.
 */
export async function ensureCredentials(
  dataDir: string,
  url: string,
  supabase: { url: string; publishableKey: string },
  owner: Owner,
): Promise<void> {
  const path = join(dataDir, "credentials.json");
  const saved = existsSync(path)
    ? credentialsSchema.safeParse(JSON.parse(await readFile(path, "utf8")))
    : null;
  if (saved?.success && (await keyWorks(url, saved.data.api_key))) {
    if (saved.data.url !== url) await writePrivateJson(path, { ...saved.data, url });
    return;
  }
  const token = await authRequest(supabase, "token?grant_type=password", owner);
  const response = await fetch(`${url}/api/settings/api-keys`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({
      name: "Programs on this machine",
      scopes: ["read", "ingest", "control"],
    }),
  });
  const reply = await response.text();
  if (!response.ok) throw new Error(`Could not create an API key for programs: ${reply}`);
  const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(reply));
  await writePrivateJson(path, { url, api_key: secret });
}

async function keyWorks(url: string, key: string): Promise<boolean> {
  const response = await fetch(`${url}/api/training/jobs?limit=1`, {
    headers: { "X-API-Key": key },
  });
  return response.ok;
}
