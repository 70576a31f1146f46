import { readFileSync } from "node:fs";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import {
  credentialsFiles,
  type Environment,
  processEnvironment,
  whyNotTrusted,
} from "./credentials-files.ts";
import { SettingsError } from "./errors.ts";

export interface Settings {
  /** Without a trailing slash. */
  baseUrl: string;
  apiKey: string | null;
}

/** Settings, and the credentials file that any of them came from; null if none did. */
export interface ResolvedSettings extends Settings {
  file: string | null;
}

/**
 * The dashboard's address and its key: as given, else `SIGNALBOX_URL` and `SIGNALBOX_API_KEY`, else
 * the first credentials file for this address (for any, if none is given). A file's key is sent to
 * its own address only.
 * @throws SettingsError without an address, or for an invalid one
 */
export function resolveSettings(
  given: { baseUrl?: string | undefined; apiKey?: string | undefined },
  environment: Environment = processEnvironment(),
): ResolvedSettings {
  const address = given.baseUrl || environment.env.SIGNALBOX_URL || null;
  const wanted = address === null ? null : readAddress(address);
  const apiKey = given.apiKey || environment.env.SIGNALBOX_API_KEY || null;
  if (wanted !== null && apiKey !== null) return { baseUrl: wanted, apiKey, file: null };
  let problem: SettingsError | null = null;
  for (const path of credentialsFiles(environment)) {
    const file = readCredentials(path, environment);
    if (file instanceof SettingsError) problem ??= file;
    else if (wanted === null || file.baseUrl === wanted) {
      return { baseUrl: file.baseUrl, apiKey: apiKey ?? file.apiKey, file: path };
    }
  }
  if (wanted !== null) return { baseUrl: wanted, apiKey, file: null };
  throw (
    problem ??
    new SettingsError(
      "No Signalbox address: pass one, set SIGNALBOX_URL, or run `signalbox login`.",
    )
  );
}

/** The path of the first credentials file that is believed; null if there is none. */
export function findCredentialsFile(
  environment: Environment = processEnvironment(),
): string | null {
  const files = credentialsFiles(environment);
  return files.find((path) => whyNotTrusted(path, environment) === null) ?? null;
}

function readCredentials(
  path: string,
  environment: Environment,
): { baseUrl: string; apiKey: string } | SettingsError {
  const reason = whyNotTrusted(path, environment);
  if (reason !== null) return new SettingsError(reason);
  try {
    const content: unknown = JSON.parse(readFileSync(path, "utf8"));
    const { url, api_key } = isJsonObject(content) ? content : {};
    if (typeof url !== "string" || typeof api_key !== "string") {
      return new SettingsError(`${path} must contain {"url", "api_key"}.`);
    }
    return { baseUrl: readAddress(url), apiKey: api_key };
  } catch (error) {
    if (error instanceof SettingsError) return new SettingsError(`${path}: ${error.message}`);
    return new SettingsError(`${path} cannot be read as JSON.`, error);
  }
}

function readAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new SettingsError(`“${text}” is not an http(s) address.`);
  }
  if (url.username || url.password) {
    throw new SettingsError(
      "The address must not contain a user or password; pass the key separately.",
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}
