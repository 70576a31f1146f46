import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writePrivateJson } from "./private-file.ts";

const ownerSchema = z.object({
  email: z.string(),
  password: z.string(),
  /** An API key of scope `admin`, for making sign-in links; older folders lack it. */
  admin_key: z.string().optional(),
});
export type Owner = z.infer<typeof ownerSchema>;

/**
 * The local owner of an embedded dashboard, created on the first start. The random password is kept
 * in `owner.json`, which only this operating-system user can read.
 */
export async function ensureOwner(
  dataDir: string,
  supabase: { url: string; publishableKey: string },
): Promise<Owner> {
  const path = join(dataDir, "owner.json");
  if (existsSync(path)) {
    return ownerSchema.parse(JSON.parse(await readFile(path, "utf8")));
  }
  const owner: Owner = {
    email: "owner@signalbox.local",
    password: randomBytes(24).toString("base64url"),
  };
  await authRequest(supabase, "signup", owner);
  await writePrivateJson(path, owner);
  return owner;
}

const tokenSchema = z.object({ access_token: z.string() });

async function authRequest(
  supabase: { url: string; publishableKey: string },
  path: string,
  { email, password }: Owner,
): Promise<string> {
  const response = await fetch(`${supabase.url}/auth/v1/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: supabase.publishableKey },
    body: JSON.stringify({ email, password }),
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
 * machine, and `owner.json` a key for making sign-in links.
 * @param reachable the dashboard's URL for requests from this machine
 */
export async function ensureCredentials(
  { dataDir, url, reachable }: { dataDir: string; url: string; reachable: string },
  supabase: { url: string; publishableKey: string },
  owner: Owner,
): Promise<{ adminKey: string }> {
  let session: Promise<string> | undefined;
  const createKey = async (name: string, scopes: string[]) => {
    session ??= authRequest(supabase, "token?grant_type=password", owner);
    return createApiKey(reachable, await session, name, scopes);
  };

  const path = join(dataDir, "credentials.json");
  const saved = existsSync(path)
    ? credentialsSchema.safeParse(JSON.parse(await readFile(path, "utf8")))
    : null;
  if (saved?.success && (await keyWorks(reachable, saved.data.api_key))) {
    if (saved.data.url !== url) await writePrivateJson(path, { ...saved.data, url });
  } else {
    const key = await createKey("Programs on this machine", ["read", "ingest", "control"]);
    await writePrivateJson(path, { url, api_key: key });
  }

  if (owner.admin_key && (await keyWorks(reachable, owner.admin_key))) {
    return { adminKey: owner.admin_key };
  }
  const adminKey = await createKey("Sign-in links on this machine", ["read", "admin"]);
  await writePrivateJson(join(dataDir, "owner.json"), { ...owner, admin_key: adminKey });
  return { adminKey };
}

async function createApiKey(
  url: string,
  token: string,
  name: string,
  scopes: string[],
): Promise<string> {
  const response = await fetch(`${url}/api/settings/api-keys`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ name, scopes }),
  });
  const reply = await response.text();
  if (!response.ok) throw new Error(`Could not create an API key for programs: ${reply}`);
  return z.object({ secret: z.string() }).parse(JSON.parse(reply)).secret;
}

async function keyWorks(url: string, key: string): Promise<boolean> {
  const response = await fetch(`${url}/api/training/jobs?limit=1`, {
    headers: { "X-API-Key": key },
  });
  return response.ok;
}

/** A link that signs one browser in as the owner, within a day. */
export async function createSignInLink(url: string, adminKey: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/links`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-API-Key": adminKey },
    body: JSON.stringify({ expires_in_s: 86_400 }),
  });
  const reply = await response.text();
  if (!response.ok) throw new Error(`Could not create a sign-in link: ${reply}`);
  return z.object({ url: z.string() }).parse(JSON.parse(reply)).url;
}
