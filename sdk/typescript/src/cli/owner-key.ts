import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import { resolveSettings } from "../settings.ts";
import type { CliContext } from "./context.ts";

/** The dashboard, and the owner's key beside the credentials that its start left on this machine; null elsewhere. */
export function ownerSettings(cli: CliContext): { baseUrl: string; apiKey: string | null } {
  const { baseUrl, file } = resolveSettings({ baseUrl: cli.url }, cli.io.environment);
  return { baseUrl, apiKey: file === null ? null : adminKeyBeside(file) };
}

function adminKeyBeside(credentialsFile: string): string | null {
  const path = join(dirname(credentialsFile), "owner.json");
  if (!existsSync(path)) return null;
  const content: unknown = JSON.parse(readFileSync(path, "utf8"));
  const key = isJsonObject(content) ? content.admin_key : null;
  return typeof key === "string" ? key : null;
}
