import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isJsonObject } from "@signalbox/protocol/wire/json";
import { SignalboxClient } from "../client.ts";
import { resolveSettings } from "../settings.ts";
import type { CliContext } from "./context.ts";

/**
 * A new link that signs one browser in as the owner of the dashboard, from the key beside the
 * credentials that its start left on this machine; null anywhere else.
 */
export async function ownerLink(cli: CliContext): Promise<string | null> {
  const { environment } = cli.io;
  const { baseUrl, file } = resolveSettings({ baseUrl: cli.url }, environment);
  const apiKey = file === null ? null : adminKeyBeside(file);
  if (apiKey === null) return null;
  const owner = new SignalboxClient({ baseUrl, apiKey, environment });
  const link = await owner.request<{ url: string }>("POST", "/api/auth/links", {
    body: {},
    signal: cli.signal,
  });
  return link.url;
}

function adminKeyBeside(credentialsFile: string): string | null {
  const path = join(dirname(credentialsFile), "owner.json");
  if (!existsSync(path)) return null;
  const content: unknown = JSON.parse(readFileSync(path, "utf8"));
  const key = isJsonObject(content) ? content.admin_key : null;
  return typeof key === "string" ? key : null;
}
