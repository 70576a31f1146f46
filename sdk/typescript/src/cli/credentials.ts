import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ResolvedSettings, Surroundings } from "../settings.ts";

/** Where `login` keeps what it was told. */
export function ownCredentialsFile(around: Surroundings): string {
  return join(around.home, ".signalbox", "credentials.json");
}

/** Stores an address and its key, readable by this user only, whole or not at all. */
export function storeCredentials(
  file: string,
  credentials: { url: string; api_key: string },
): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.new`;
  try {
    writeFileSync(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Whether others on this machine may read a file. Windows has no such bits. */
export function isOpenToOthers(file: string): boolean {
  return process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0;
}

/** Where the address and the key come from, in words. */
export function settingsOrigin(
  { env }: Surroundings,
  url: string | undefined,
  { file }: ResolvedSettings,
): { url: string; key: string } {
  const stored = file ?? "nowhere";
  return {
    url: url ? "--url" : env.SIGNALBOX_URL ? "SIGNALBOX_URL" : stored,
    key: env.SIGNALBOX_API_KEY ? "SIGNALBOX_API_KEY" : stored,
  };
}

/** A key as it may be shown: enough to recognise it. */
export function masked(key: string): string {
  return `${key.slice(0, 8)}…`;
}
