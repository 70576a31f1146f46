import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { SettingsError } from "./errors.ts";
import { isRecord } from "./wire.ts";

export interface Settings {
  /** Without a slash at its end. */
  baseUrl: string;
  apiKey: string | null;
}

/** Where settings are looked for; tests put their own in. */
export interface Surroundings {
  env: Record<string, string | undefined>;
  cwd: string;
  home: string;
}

export function surroundings(): Surroundings {
  return { env: process.env, cwd: process.cwd(), home: homedir() };
}

/**
 * The dashboard's address and the key for it: as given, else `SIGNALBOX_URL` and
 * `SIGNALBOX_API_KEY`, else the credentials file. A file's key goes to its own address only.
 * @throws SettingsError without an address, or for a file or address that cannot be read
 */
export function resolveSettings(
  given: { baseUrl?: string | undefined; apiKey?: string | undefined },
  around: Surroundings = surroundings(),
): Settings {
  const wanted = given.baseUrl || around.env.SIGNALBOX_URL || null;
  const apiKey = given.apiKey || around.env.SIGNALBOX_API_KEY || null;
  if (wanted && apiKey) return { baseUrl: readAddress(wanted), apiKey };
  const file = readCredentials(around);
  const baseUrl = wanted ?? file?.url;
  if (!baseUrl) {
    throw new SettingsError(
      "No Signalbox address: pass baseUrl, set SIGNALBOX_URL, or run `signalbox login`.",
    );
  }
  const address = readAddress(baseUrl);
  const sameHost = file !== null && readAddress(file.url) === address;
  return { baseUrl: address, apiKey: apiKey ?? (sameHost ? file.api_key : null) };
}

/** The first credentials file there is, by its path; null where there is none. */
export function findCredentialsFile(around: Surroundings = surroundings()): string | null {
  const name = "credentials.json";
  const dataDir = around.env.SIGNALBOX_DATA_DIR;
  const candidates: string[] = [];
  if (dataDir) candidates.push(resolve(around.cwd, dataDir, name));
  else {
    for (let folder = resolve(around.cwd); ; folder = dirname(folder)) {
      candidates.push(join(folder, ".signalbox", name));
      if (dirname(folder) === folder) break;
    }
  }
  candidates.push(join(around.home, ".signalbox", name));
  return candidates.find((path) => existsSync(path)) ?? null;
}

interface Credentials {
  url: string;
  api_key: string;
}

function readCredentials(around: Surroundings): Credentials | null {
  const path = findCredentialsFile(around);
  if (!path) return null;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new SettingsError(`${path} cannot be read as JSON.`, error);
  }
  const { url, api_key } = isRecord(content) ? content : {};
  if (typeof url !== "string" || typeof api_key !== "string") {
    throw new SettingsError(`${path} must hold {"url", "api_key"}.`);
  }
  return { url, api_key };
}

function readAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new SettingsError(`“${text}” is no http(s) address.`);
  }
  if (url.username || url.password) {
    throw new SettingsError("The address must not hold a user or password: pass the key apart.");
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}
