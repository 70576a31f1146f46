import { randomBytes } from "node:crypto";
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

/** The local owner of an embedded dashboard; the random password is known to `owner.json` alone. */
export interface LocalOwner {
  owner: Owner;
  /** There was no usable `owner.json`: the account gets this password, or is created with it. */
  isNew: boolean;
}

/** Reads the local owner from the data folder, or invents one with a new password. */
export async function loadOwner(dataDir: string): Promise<LocalOwner> {
  const owner = await readJson(ownerFile(dataDir), ownerSchema);
  if (owner) return { owner, isNew: false };
  const password = randomBytes(24).toString("base64url");
  return { owner: { email: "owner@signalbox.local", password }, isNew: true };
}

const ownerFile = (dataDir: string) => join(dataDir, "owner.json");

/** The file's content; null if it is missing, empty or damaged. */
async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

const tokenSchema = z.object({ access_token: z.string() });

/** Signs the owner in; creates the account where the database has none. */
async function signIn(supabase: { url: string; publishableKey: string }, owner: Owner) {
  const token =
    (await authRequest(supabase, "token?grant_type=password", owner)) ??
    (await authRequest(supabase, "signup", owner));
  if (token !== null) return token;
  throw new Error(
    "Could not sign in the local owner: the database has another password than owner.json. Move owner.json out of the data folder to set a new one.",
  );
}

/** An access token; null if Auth refuses. */
async function authRequest(
  supabase: { url: string; publishableKey: string },
  path: string,
  { email, password }: Owner,
): Promise<string | null> {
  const response = await fetch(`${supabase.url}/auth/v1/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", apikey: supabase.publishableKey },
    body: JSON.stringify({ email, password }),
  });
  const parsed = tokenSchema.safeParse(await response.json().catch(() => null));
  return response.ok && parsed.success ? parsed.data.access_token : null;
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
    session ??= signIn(supabase, owner);
    return createApiKey(reachable, await session, name, scopes);
  };

  const path = join(dataDir, "credentials.json");
  const saved = await readJson(path, credentialsSchema);
  if (saved && (await keyWorks(reachable, saved.api_key))) {
    if (saved.url !== url) await writePrivateJson(path, { ...saved, url });
  } else {
    const key = await createKey("Programs on this machine", ["read", "ingest", "control"]);
    await writePrivateJson(path, { url, api_key: key });
  }

  if (owner.admin_key && (await keyWorks(reachable, owner.admin_key))) {
    return { adminKey: owner.admin_key };
  }
  const adminKey = await createKey("Sign-in links on this machine", ["read", "admin"]);
  await writePrivateJson(ownerFile(dataDir), { ...owner, admin_key: adminKey });
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
