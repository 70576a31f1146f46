import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Environment } from "../credentials-files.ts";
import type { ResolvedSettings } from "../settings.ts";

/** Where `login` stores credentials. */
export function ownCredentialsFile(environment: Environment): string {
  return join(environment.home, ".signalbox", "credentials.json");
}

/** Stores a URL and its key atomically, readable by this user only. */
export function storeCredentials(
  file: string,
  credentials: { url: string; api_key: string },
): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.new`;
  try {
    writeFileSync(temporary, `${JSON.stringify(credentials, null, 2)}\n`, {
      mode: 0o600,
      flag: "wx",
    });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Whether other users of this machine may read a file; never on Windows, which has no such bits. */
export function isOpenToOthers(file: string): boolean {
  return process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0;
}

/** Where the URL and the key come from, for people. */
export function settingsOrigin(
  { env }: Environment,
  url: string | undefined,
  { file }: ResolvedSettings,
): { url: string; key: string } {
  const stored = file ?? "no file";
  return {
    url: url ? "--url" : env.SIGNALBOX_URL ? "SIGNALBOX_URL" : stored,
    key: env.SIGNALBOX_API_KEY ? "SIGNALBOX_API_KEY" : stored,
  };
}

/** A key as it may be shown: enough to recognise it. */
export function masked(key: string): string {
  return `${key.slice(0, 8)}…`;
}
